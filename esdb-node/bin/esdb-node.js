#!/usr/bin/env node
// npm links a command only to a file that is there at the install, and dist is built after it
import '../dist/cli.js';
