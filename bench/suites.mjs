/** What `npm run bench` runs, in this order. A suite: `{ name, cases, run(context) -> { figures, tables, bars } }`. */
import * as build from './build/suite.mjs';
import * as choices from './choices/suite.mjs';
import * as collector from './collector/suite.mjs';
import * as delivery from './delivery/suite.mjs';
import * as memory from './memory/suite.mjs';
import * as micro from './micro/suite.mjs';
import * as peers from './peers/suite.mjs';
import * as programs from './programs/suite.mjs';
import * as scale from './scale/suite.mjs';
import * as server from './server/suite.mjs';

export const suites = [micro, programs, peers, server, delivery, memory, scale, build, collector, choices];
