import type { Sealed } from '../../domain/kernel/sealed.js';
import type { ApiDependencies } from '../dependencies.js';

/** Opens notes; one that cannot be read is null, so that nothing that is shown with it fails, and it is seen that there is one. */
export const noteOpener =
  ({ personalData, log }: Pick<ApiDependencies, 'personalData' | 'log'>) =>
  async (note: Sealed): Promise<string | null> => {
    try {
      return (await personalData.open(note, 'note')) ?? null;
    } catch (error) {
      log.warn('a note cannot be read', { error });
      return null;
    }
  };
