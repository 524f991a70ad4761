/** An open trace: what it is, the tabs of its views, the view, and the details of the selected span beside it. */
import type { JSX } from 'preact';
import { DetailsPane } from '../details/details-pane.tsx';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { activeView } from '../state/state.ts';
import { VIEWS } from '../views/views.ts';
import { Splitter } from './splitter.tsx';
import { TabList } from './tab-list.tsx';
import { TraceHeading } from './trace-heading.tsx';

export function TracePage({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const view = VIEWS.find(({ name }) => name === activeView.value) ?? (VIEWS[0] as (typeof VIEWS)[number]);
  const View = view.component;
  return (
    <div class="trace-page">
      <TraceHeading trace={trace} />
      <TabList views={VIEWS} active={view.name} />
      <div class="trace-body">
        <section class="view" role="tabpanel" id="view" aria-labelledby={`tab-${view.name}`}>
          <View />
        </section>
        {view.alone !== true && (
          <>
            <Splitter />
            <DetailsPane trace={trace} />
          </>
        )}
      </div>
    </div>
  );
}
