/** A question about one thing of a kind that waits for its turn. */
interface Question {
  readonly about: string;
  readonly resolve: (answer: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks about many things with one statement: everybody in a process who asks in the same turn of its loop shares it. Runners
 * have the same heartbeat, and a statement for each of them would be dozens a second.
 * @param ask which of these names the answer is yes for; what it throws is thrown to everybody who asked
 */
export function askedTogether(
  ask: (names: readonly string[]) => Promise<ReadonlySet<string>>,
): (about: string) => Promise<boolean> {
  let waiting: Question[] = [];

  const askNow = async (): Promise<void> => {
    const questions = waiting;
    waiting = [];
    try {
      const yes = await ask(questions.map(({ about }) => about));
      for (const { about, resolve } of questions) resolve(yes.has(about));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  };

  return (about) =>
    new Promise((resolve, reject) => {
      waiting.push({ about, resolve, reject });
      if (waiting.length === 1) setImmediate(() => void askNow());
    });
}
