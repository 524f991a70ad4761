/**
 * What emitted code imports, version 1 of the probe ABI, as an ES module. Loading it starts recording by the environment: the
 * first function of an instrumented program finds it on. State is `var`: emitted code in an import cycle may read it early.
 */
import type { Probes } from '@captureflow/core/probe-abi';
import { shared } from './instance.ts';

const p: Probes = shared.probes;

shared.api.autostart();

export var gates: Probes['gates'] = p.gates;
export var register: Probes['register'] = p.register;
export var enter0: Probes['enter0'] = p.enter0;
export var enter1: Probes['enter1'] = p.enter1;
export var enter2: Probes['enter2'] = p.enter2;
export var enter3: Probes['enter3'] = p.enter3;
export var enter4: Probes['enter4'] = p.enter4;
export var enter5: Probes['enter5'] = p.enter5;
export var enter6: Probes['enter6'] = p.enter6;
export var enter7: Probes['enter7'] = p.enter7;
export var enter8: Probes['enter8'] = p.enter8;
export var values0: Probes['values0'] = p.values0;
export var values1: Probes['values1'] = p.values1;
export var values2: Probes['values2'] = p.values2;
export var values3: Probes['values3'] = p.values3;
export var values4: Probes['values4'] = p.values4;
export var values5: Probes['values5'] = p.values5;
export var values6: Probes['values6'] = p.values6;
export var values7: Probes['values7'] = p.values7;
export var values8: Probes['values8'] = p.values8;
export var exit: Probes['exit'] = p.exit;
export var thrown: Probes['thrown'] = p.thrown;
export var hold: Probes['hold'] = p.hold;
export var caught: Probes['caught'] = p.caught;
export var end: Probes['end'] = p.end;
export var suspend: Probes['suspend'] = p.suspend;
export var suspendYield: Probes['suspendYield'] = p.suspendYield;
export var delegate: Probes['delegate'] = p.delegate;
export var suspendLoop: Probes['suspendLoop'] = p.suspendLoop;
export var resume: Probes['resume'] = p.resume;
