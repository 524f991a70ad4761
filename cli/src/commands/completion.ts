/** The command line of `captureflow completion`: a script with which a shell completes ours. It is made of what Commander knows, so it cannot say anything else. */
import { Argument, type Command, type Option } from 'commander';
import type { Surroundings } from '../main.ts';
import { endHelp } from './help-end.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function addCompletionCommand(program: Command, { print }: Surroundings): void {
  const command = program
    .command('completion')
    .summary('a script with which a shell completes this command')
    .description(
      'Prints a script that completes commands, options and their values; everything else is completed as file names.\n' +
        '  bash   eval "$(captureflow completion bash)"      in ~/.bashrc\n' +
        '  zsh    eval "$(captureflow completion zsh)"       in ~/.zshrc\n' +
        '  fish   captureflow completion fish | source       in ~/.config/fish/config.fish',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((shell: Shell) => print(completionScript(program, shell)));
  endHelp(command, { examples: SHELLS.map((shell) => `completion ${shell}`), exitCodes: '0 done, 2 wrong use' });
}

function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fishScript(program);
  return shell === 'zsh' ? `autoload -Uz bashcompinit && bashcompinit\n${bashScript(program)}` : bashScript(program);
}

/** Without bash-completion's functions, which not every machine has. Names of commands and options need no quotes. */
function bashScript(program: Command): string {
  const commands = program.commands.map((command) => command.name());
  const values = program.commands.flatMap((command) => [
    ...command.options.flatMap((option) =>
      takesValue(option)
        ? flagsOf(option).map((flag) => `    '${command.name()} ${flag}') words='${(option.argChoices ?? []).join(' ')}'; return;;`)
        : [],
    ),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
      argChoices.length === 0 ? [] : [`    '${command.name()} ${command.name()}') words='${argChoices.join(' ')}'; return;;`],
    ),
  ]);
  const options = program.commands.map(
    (command) => `    ${command.name()}) words='${[...command.options.flatMap(flagsOf), '--help'].join(' ')}';;`,
  );
  return `_captureflow_words() {
  words=
  [ "$COMP_CWORD" -eq 1 ] && { words='${[...commands, 'help', '--help', '--version'].join(' ')}'; return; }
  [ "\${COMP_WORDS[1]}" = help ] && { words='${commands.join(' ')}'; return; }
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  case "$cur" in -*) ;; *) return;; esac
  case "\${COMP_WORDS[1]}" in
${options.join('\n')}
  esac
}
_captureflow() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" words
  _captureflow_words
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _captureflow captureflow
`;
}

function fishScript(program: Command): string {
  const names = program.commands.map((command) => command.name()).join(' ');
  const lines = program.commands.flatMap((command) => [
    `complete -c captureflow -n 'not __fish_seen_subcommand_from ${names}' -f -a ${command.name()} -d ${quoted(command.summary())}`,
    ...command.options.map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
      const choices = option.argChoices === undefined ? '' : ` -x -a '${option.argChoices.join(' ')}'`;
      const value = takesValue(option) && choices === '' ? ' -r' : choices;
      return `complete -c captureflow -n '__fish_seen_subcommand_from ${command.name()}'${short} -l ${(option.long ?? '').slice(2)}${value} -d ${quoted(option.description)}`;
    }),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
      argChoices.length === 0
        ? []
        : [`complete -c captureflow -n '__fish_seen_subcommand_from ${command.name()}' -f -a '${argChoices.join(' ')}'`],
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function flagsOf({ short, long }: Option): string[] {
  return [short, long].filter((flag) => flag !== undefined);
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
