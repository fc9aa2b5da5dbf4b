#!/usr/bin/env node
/* The command line in a checkout: `npx phiscan …`. A package has it in the program itself. */
process.argv.splice(2, 0, 'cli');
await import('../scripts/bootstrap.mjs');
