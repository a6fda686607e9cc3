#!/usr/bin/env node
// The command line that writes a trust before any workflow has run: `npm run trust -- --cloud aws --repository o/r ...`.
import { openTerminal } from './adapters/terminal.ts';
import { writeTrust } from './write-trust.ts';

await writeTrust(openTerminal(process));
