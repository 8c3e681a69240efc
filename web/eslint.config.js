// What ESLint looks for, by types where the language has them. Format is
// Prettier's affair.
import { dirname } from 'node:path';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['web/public/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: dirname(import.meta.dirname),
      },
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.recommended] },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-var': 'off' },
  },
);
