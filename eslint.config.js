import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/**', 'coverage/**', 'data/**', 'esdb-node/test/conformance/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './test/tsconfig.json',
          './bench/tsconfig.json',
          './bench/emmett/tsconfig.json',
          './esdb-node/tsconfig.json',
          './esdb-node/test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreIIFE: false }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/test/**', 'test/**', 'bench/**', 'examples/**', 'src/main/**', 'esdb-node/src/cli.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/test/**', 'test/**'],
    // chai's assertions are expressions
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['bench/emmett/**'],
    // Emmett's handlers are promises, as its documentation shows them; express-async-errors waits for them
    rules: { '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }] },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        Buffer: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['src/domain/**'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'setTimeout', 'setInterval', 'process', 'crypto', 'console'],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    // written times become numbers and back here; what would read the clock is refused here as well
    files: ['src/domain/kernel/instant.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'process', 'crypto', 'console'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random' },
        { object: 'Date', property: 'now' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'That reads the clock.' },
        { selector: 'CallExpression[callee.name="Date"]', message: 'That reads the clock.' },
      ],
    },
  },
  prettier,
);
