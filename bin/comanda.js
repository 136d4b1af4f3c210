#!/usr/bin/env node
// Committed and executable, so that installing links it although the program is compiled only afterwards.
import '../dist/main/comanda.js';
