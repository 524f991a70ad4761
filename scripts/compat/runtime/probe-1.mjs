/** The same stand-in for ES modules. */
import probes from './probe-1.cjs';

export const {
  on, register,
  enter0, enter1, enter2, enter3, enter4, enter5, enter6, enter7, enter8,
  values0, values1, values2, values3, values4, values5, values6, values7, values8,
  exit, thrown, hold, caught, end, suspend, suspendYield, delegate, suspendLoop, resume,
} = probes;
