/** The drawing of a placed call graph: zoom by wheel and keys, pan by dragging, one box is chosen. */
import { formatDuration, type FunctionInfo } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { showCount } from '../../shell/show-numbers.ts';
import { colorNumber, functionColors } from '../../state/function-color.ts';
import { dark } from '../../state/theme.ts';
import type { PlacedGraph, PlacedGroup, PlacedLink } from './graph-layout.ts';

export interface GraphPictureProps {
  readonly graph: PlacedGraph;
  readonly functions: readonly FunctionInfo[];
  /** Self time of the heaviest function, ms. */
  readonly most: number;
  readonly chosen: number;
  readonly choose: (index: number) => void;
  readonly open: (index: number) => void;
}

interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const SMALLEST = 0.05;
const LARGEST = 4;
/** Smaller than this nothing can be read; a graph that would need it is shown from its top. */
const FIT_SMALLEST = 0.55;

export function GraphPicture({ graph, functions, most, chosen, choose, open }: GraphPictureProps): JSX.Element {
  const picture = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 800, height: 500 });
  const [camera, setCamera] = useState<Camera>({ x: 0, y: 0, scale: 1 });
  const drag = useRef<{ readonly x: number; readonly y: number; readonly camera: Camera } | undefined>(undefined);
  const colors = functionColors(dark.value);
  const heaviest = useMemo(() => graph.links.reduce((sum, { total }) => Math.max(sum, total), 1e-9), [graph]);

  useLayoutEffect(() => {
    const element = picture.current;
    if (element === null) return;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const fit = (): Camera => {
    const scale = Math.min(Math.max(Math.min(size.width / graph.width, size.height / graph.height, 1), FIT_SMALLEST), LARGEST);
    return { x: (size.width - graph.width * scale) / 2, y: Math.max((size.height - graph.height * scale) / 2, 0), scale };
  };
  useLayoutEffect(() => setCamera(fit()), [graph, size]);
  useLayoutEffect(() => {
    const group = graph.groups[chosen];
    if (group === undefined) return;
    setCamera((now) => broughtIntoSight(now, group, size));
  }, [chosen, graph, size]);

  const zoom = (factor: number, x = size.width / 2, y = size.height / 2): void =>
    setCamera((now) => {
      const scale = Math.min(Math.max(now.scale * factor, SMALLEST), LARGEST);
      return { scale, x: x - ((x - now.x) * scale) / now.scale, y: y - ((y - now.y) * scale) / now.scale };
    });
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(graph, chosen, event.key);
    if (next !== undefined) choose(next);
    else if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') setCamera(fit());
    else if (event.key === 'Enter') open(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={picture}
      class="graph-picture"
      tabIndex={0}
      role="listbox"
      aria-label="Call graph"
      aria-activedescendant={`group-${chosen}`}
      onKeyDown={press}
      onWheel={(event) => {
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
      }}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, y: event.clientY, camera };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from === undefined || event.buttons === 0) return;
        setCamera({ ...from.camera, x: from.camera.x + event.clientX - from.x, y: from.camera.y + event.clientY - from.y });
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
    >
      <svg width={size.width} height={size.height} role="presentation">
        <defs>
          <marker
            id="graph-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="9"
            markerHeight="9"
            orient="auto-start-reverse"
          >
            <path d="M0 0 8 4 0 8Z" class="graph-arrow" />
          </marker>
        </defs>
        <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}>
          {graph.links.map((link) => (
            <Link key={`${link.from} ${link.to}`} link={link} heaviest={heaviest} isNear={link.from === chosen || link.to === chosen} />
          ))}
          {graph.groups.map((placed) => {
            const [first] = placed.group.functions;
            const info = first === undefined || placed.group.kind === 'rest' ? undefined : functions[first];
            return (
              <Box
                key={placed.index}
                placed={placed}
                fill={info === undefined ? undefined : colors[colorNumber(info)]!.fill}
                share={placed.group.self / most}
                isChosen={placed.index === chosen}
                choose={choose}
                open={open}
              />
            );
          })}
        </g>
      </svg>
    </div>
  );
}

function Link({ link, heaviest, isNear }: { readonly link: PlacedLink; readonly heaviest: number; readonly isNear: boolean }): JSX.Element {
  const { points, calls, errors, total } = link;
  const middle = points[Math.floor(points.length / 2)];
  const about = `${showCount(calls)}×${errors > 0 ? `, ✕ ${showCount(errors)}` : ''}`;
  return (
    <g class={`graph-link${isNear ? ' is-near' : ''}${errors > 0 ? ' is-error' : ''}`}>
      <path d={curve(points)} stroke-width={1 + 4 * Math.sqrt(total / heaviest)} marker-end="url(#graph-arrow)">
        <title>{`${about}, ${formatDuration(total)}`}</title>
      </path>
      {isNear && middle !== undefined && (
        <text x={middle.x + 4} y={middle.y}>
          {about}
        </text>
      )}
    </g>
  );
}

interface BoxProps {
  readonly placed: PlacedGroup;
  readonly fill: string | undefined;
  readonly share: number;
  readonly isChosen: boolean;
  readonly choose: (index: number) => void;
  readonly open: (index: number) => void;
}

function Box({ placed, fill, share, isChosen, choose, open }: BoxProps): JSX.Element {
  const { index, group, title, about, x, y, width, height } = placed;
  return (
    <g
      id={`group-${index}`}
      class={`graph-box is-${group.kind}${isChosen ? ' is-chosen' : ''}${group.errors > 0 ? ' is-error' : ''}`}
      role="option"
      aria-selected={isChosen}
      aria-label={`${title}, ${about}${group.errors > 0 ? `, ${showCount(group.errors)} threw` : ''}`}
      transform={`translate(${x - width / 2} ${y - height / 2})`}
      onClick={() => choose(index)}
      onDblClick={() => open(index)}
    >
      <rect width={width} height={height} rx="4" style={fill === undefined ? undefined : { fill }} />
      <rect class="graph-share" y={height - 4} width={Math.min(share, 1) * width} height="4" />
      <text x="10" y="16" class="graph-title">
        {group.errors > 0 ? `✕ ${title}` : title}
      </text>
      <text x="10" y="30" class="graph-about">
        {about}
      </text>
    </g>
  );
}

/** Through dagre's points, bent at each. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  for (let at = 0; at < rest.length - 1; at++) {
    const [bend, next] = [rest[at]!, rest[at + 1]!];
    const end = at === rest.length - 2 ? next : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 };
    path += `Q${bend.x} ${bend.y} ${end.x} ${end.y}`;
  }
  return rest.length === 1 ? `${path}L${last.x} ${last.y}` : path;
}

function broughtIntoSight(
  camera: Camera,
  { x, y, width, height }: PlacedGroup,
  size: { readonly width: number; readonly height: number },
): Camera {
  const shift = (from: number, length: number, room: number): number =>
    from < 8 ? 8 - from : from + length > room - 8 ? room - 8 - from - length : 0;
  return {
    ...camera,
    x: camera.x + shift(camera.x + (x - width / 2) * camera.scale, width * camera.scale, size.width),
    y: camera.y + shift(camera.y + (y - height / 2) * camera.scale, height * camera.scale, size.height),
  };
}

/** The box that an arrow leads to: the heaviest caller or callee, or the next one beside. */
function neighbour({ groups, links }: PlacedGraph, chosen: number, key: string): number | undefined {
  const here = groups[chosen];
  if (here === undefined) return undefined;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const down = key === 'ArrowDown';
    const near = links.filter(({ from, to }) => (down ? from : to) === chosen).sort((a, b) => b.total - a.total)[0];
    return near === undefined ? chosen : down ? near.to : near.from;
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const sign = key === 'ArrowRight' ? 1 : -1;
  const beside = groups.filter(({ x, y }) => Math.abs(y - here.y) < here.height && (x - here.x) * sign > 0);
  return beside.sort((a, b) => (a.x - b.x) * sign)[0]?.index ?? chosen;
}
