/** Which spans of a trace are open in the call tree; kept while the page lives, so that another view and back changes nothing. */
import { signal, type Signal } from '@preact/signals';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { openFirst, siblingPlaces, type SiblingPlaces } from './tree-rows.ts';

export interface TreeState {
  /** 1: open. Whoever writes it counts `version` up. */
  readonly isOpen: Uint8Array;
  readonly version: Signal<number>;
  readonly places: SiblingPlaces;
}

/** Rows that a tree shows before anybody opened anything. */
const FIRST_ROWS = 200;
const states = new WeakMap<LoadedTrace, TreeState>();

export function treeStateOf(trace: LoadedTrace): TreeState {
  let state = states.get(trace);
  if (state === undefined) {
    state = { isOpen: new Uint8Array(trace.columns.count), version: signal(0), places: siblingPlaces(trace.columns.parent) };
    openFirst(trace.children, state.isOpen, state.places.childCount, FIRST_ROWS);
    states.set(trace, state);
  }
  return state;
}
