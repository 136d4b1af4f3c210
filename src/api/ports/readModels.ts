import type { Either } from 'fp-ts/lib/Either.js';

/** A read model as operators see it. */
export interface ReadModelStatus {
  readonly name: string;
  /** Number of the build that serves, of the one before, and of the one that is being made. */
  readonly serving: number;
  readonly previous: number | null;
  readonly next: number | null;
  readonly state: 'idle' | 'building' | 'ready';
  /** Up to where it shows the log, decimal; null: nothing yet. */
  readonly position: string | null;
  /** How the next build compares with the one that serves. */
  readonly checked: {
    readonly position: string;
    readonly parkedStreams: number;
    readonly tables: readonly {
      readonly table: string;
      readonly servingRows: number;
      readonly builtRows: number;
      readonly sameChecksum: boolean;
      readonly different: readonly string[];
      readonly sampled: number;
      readonly wrong: readonly string[];
    }[];
  } | null;
  readonly asked: AskedRebuild | null;
  readonly progress: { readonly events: number; readonly position: string; readonly upTo: string } | null;
  readonly failed: string | null;
}

export interface AskedRebuild {
  /** Events a second at most. */
  readonly rate?: number;
  readonly park?: boolean;
  readonly restart?: boolean;
}

/** Why a build may not serve; `not-caught-up` and `changed-meanwhile` may be over in a moment. */
export interface BuildRefused {
  readonly why: 'no-build' | 'not-finished' | 'untrue' | 'differs' | 'not-caught-up' | 'changed-meanwhile';
  readonly message: string;
}

/** What the API may do with read models. Every method throws a system fault; undefined: there is no such read model. */
export interface ReadModels {
  list(): Promise<readonly ReadModelStatus[]>;
  find(name: string): Promise<ReadModelStatus | undefined>;
  askRebuild(name: string, asked: AskedRebuild): Promise<ReadModelStatus | undefined>;
  switchTo(
    name: string,
    which: 'next' | 'previous',
    acceptDifferences: boolean,
  ): Promise<Either<BuildRefused, ReadModelStatus> | undefined>;
}
