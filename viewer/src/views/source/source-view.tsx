/** The source of the selected call, with its values beside the lines. At level `lines` one steps through it; else it shows how it ended. */
import { printable, type FunctionInfo } from '@captureflow/trace';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import type { SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Arguments } from '../../parts/call-text.tsx';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { givenSources, giveSources } from '../../state/given-sources.ts';
import { openTrace, selectedSpan } from '../../state/state.ts';
import { callLines } from './call-lines.ts';
import { lineHistory } from './line-history.ts';
import { SourceLines } from './source-lines.tsx';
import { StepBar } from './step-bar.tsx';
import './source.css';

export function SourceView(): JSX.Element {
  const trace = openTrace.value;
  const span = selectedSpan.value;
  const info = trace === undefined || span < 0 ? undefined : trace.header.functions[trace.columns.functionIndex[span]!];
  if (trace === undefined || info === undefined)
    return <p class="nothing">Select a call in the flame chart or in the call tree: its source comes up here.</p>;
  return <CallSource key={`${trace.summary.id} ${span}`} trace={trace} span={span} info={info} />;
}

function CallSource({
  trace,
  span,
  info,
}: {
  readonly trace: LoadedTrace;
  readonly span: number;
  readonly info: FunctionInfo;
}): JSX.Element {
  const [details, setDetails] = useState<SpanDetails | Error>();
  const [source, setSource] = useState<string | null>();
  useEffect(() => {
    let gone = false;
    trace.details(span).then(
      (read) => gone || setDetails(read),
      (error: Error) => gone || setDetails(error),
    );
    return () => {
      gone = true;
    };
  }, [trace, span]);
  const given = givenSources.value.get(info.module);
  useEffect(() => {
    let gone = false;
    if (given !== undefined) setSource(given);
    else void trace.source(info.module).then((text) => gone || setSource(text ?? null));
    return () => {
      gone = true;
    };
  }, [trace, info.module, given]);
  if (details === undefined || source === undefined) return <p class="nothing">Reading …</p>;
  if (details instanceof Error) return <p class="nothing">The values of this call could not be read: {details.message}</p>;
  return <ReadSource trace={trace} span={span} info={info} details={details} source={source} />;
}

interface ReadSourceProps {
  readonly trace: LoadedTrace;
  readonly span: number;
  readonly info: FunctionInfo;
  readonly details: SpanDetails;
  /** Null: nobody has it. */
  readonly source: string | null;
}

function ReadSource({ trace, span, info, details, source }: ReadSourceProps): JSX.Element {
  const lines = useMemo(
    () => (source === null ? linesWithoutText(info, details) : source.split(/\r\n|[\n\r\u2028\u2029]/)),
    [source, details],
  );
  const sourceLine = (line: number): string | undefined => (source === null ? undefined : lines[line - 1]);
  const history = useMemo(
    () => (details.lines.length === 0 ? undefined : lineHistory(details.lines, sourceLine, info.line, details.locals)),
    [details, lines],
  );
  const still = useMemo(() => callLines(info, details, sourceLine), [details, lines]);
  const [step, setStep] = useState((history?.lines.length ?? 1) - 1);
  return (
    <div class="source-view">
      <div class="view-bar">
        <span class="source-title">
          <span class="tree-name">{printable(info.name, LONGEST_NAME)}</span>
          <Arguments args={details.args} width={60} />
        </span>
        <span class="view-note">
          {info.module}:{info.line}
        </span>
        {history === undefined && <span class="view-hint">recorded at level {info.level}: values as they were at the end</span>}
      </div>
      {history !== undefined && <StepBar history={history} step={step} setStep={setStep} />}
      {source === null && <SourceMissing module={info.module} />}
      <SourceLines
        trace={trace}
        span={span}
        info={info}
        details={details}
        lines={lines}
        hasText={source !== null}
        firstLine={source === null ? Math.max(1, info.line) : 1}
        still={still}
        history={history}
        step={step}
        setStep={setStep}
      />
    </div>
  );
}

/** What is missing, and what one does about it. */
function SourceMissing({ module }: { readonly module: string }): JSX.Element {
  return (
    <div class="source-missing">
      <p>
        <strong>The source of {printable(module, LONGEST_NAME)} is not here</strong>; lines are shown by number. Drop the file, or the
        folder with the project, onto the page (it is read here and sent nowhere), or start <code>captureflow view</code> in the project's
        root.
      </p>
      <label class="button">
        Choose the file
        <input
          type="file"
          class="file-input"
          multiple
          onChange={(event) => {
            void giveSources(
              [...(event.currentTarget.files ?? [])].map((file) => ({ path: file.name, file })),
              false,
            );
            event.currentTarget.value = '';
          }}
        />
      </label>
    </div>
  );
}

/** Empty lines of the function, up to the last that something is known of. */
function linesWithoutText(info: FunctionInfo, details: SpanDetails): string[] {
  const last = details.lines.reduce((most, { line }) => Math.max(most, line), Math.max(info.line, info.endLine));
  return Array<string>(Math.min(Math.max(last - Math.max(1, info.line) + 1, 1), 1_000_000)).fill('');
}
