/** What the agent, the model and the tools say to each other. */

export type ToolCall =
  | { readonly tool: 'search'; readonly query: string }
  | { readonly tool: 'calculate'; readonly expression: string }
  | { readonly tool: 'convert'; readonly amount: number; readonly from: string; readonly to: string };

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'model'; readonly calls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly ok: boolean; readonly text: string };

/** The model either wants tools or has the answer. */
export type Turn = { readonly kind: 'tools'; readonly calls: readonly ToolCall[] } | { readonly kind: 'answer'; readonly text: string };
