import type { EventLog } from '../log/eventLog.js';
import type { Acl } from '../log/metadata.js';
import { aclOf, fieldsOf } from '../log/metadata.js';
import { decodeRecorded } from '../protocol/recorded.js';

/** Who may do what with a stream that does not say so itself. */
export interface DefaultRules {
  readonly user: Acl;
  /** For streams whose names begin with `$`. */
  readonly system: Acl;
}

/** Says the defaults in its last event, as `{ $userStreamAcl, $systemStreamAcl }`. */
const SETTINGS = '$settings';

const rule = (role: string): Required<Acl> => ({ $r: [role], $w: [role], $d: [role], $mr: [role], $mw: [role] });
const BUILT_IN: DefaultRules = { user: rule('$all'), system: rule('$admins') };

/** The defaults in force: what `$settings` says, and what it leaves out as the node has it. */
export class Defaults {
  private known: { readonly revision: number; readonly rules: DefaultRules } = { revision: -1, rules: BUILT_IN };

  constructor(private readonly log: EventLog) {}

  get(): DefaultRules {
    const { reader } = this.log;
    const view = reader.view(SETTINGS);
    if (view.kind !== 'there') return BUILT_IN;
    if (view.lastRevision !== this.known.revision) {
      const [last] = reader.page(view, view.lastRevision, 1, 'backwards');
      const rules = last ? parse(decodeRecorded(last.bytes).data) : BUILT_IN;
      this.known = { revision: view.lastRevision, rules };
    }
    return this.known.rules;
  }
}

const parse = (data: Uint8Array): DefaultRules => {
  try {
    const fields = fieldsOf(data);
    return {
      user: { ...BUILT_IN.user, ...aclOf(fields.get('$userStreamAcl')) },
      system: { ...BUILT_IN.system, ...aclOf(fields.get('$systemStreamAcl')) },
    };
  } catch {
    // settings that make no sense change nothing
    return BUILT_IN;
  }
};
