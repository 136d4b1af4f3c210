import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['src', 'test/simulation', 'test/support/inMemory'];

export interface Compiled {
  /** Where a source file, named from the root of the repository, stands as JavaScript. */
  urlOf(source: string): URL;
  remove(): void;
}

/**
 * Compiles the program and the simulation as they stand, file by file, into a folder of its own. What runs thousands of seeds
 * is run without the hooks and the helpers that running TypeScript directly costs at every function.
 */
export function compile(): Compiled {
  const parent = join(ROOT, 'test/simulation/dist');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  buildSync({
    entryPoints: SOURCES.flatMap((source) => typeScriptIn(join(ROOT, source))),
    outdir: folder,
    outbase: ROOT,
    bundle: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    tsconfigRaw: { compilerOptions: { target: 'ES2023', verbatimModuleSyntax: true } },
    logLevel: 'warning',
  });
  return {
    urlOf: (source) => pathToFileURL(join(folder, source.replace(/\.ts$/, '.js'))),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const typeScriptIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'dist' ? [] : typeScriptIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
