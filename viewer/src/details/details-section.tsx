/** A part of the details with its title. */
import type { ComponentChildren, JSX } from 'preact';

export function Section(props: { readonly title: string; readonly failed?: boolean; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section class={`details-section ${props.failed === true ? 'failed' : ''}`}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}
