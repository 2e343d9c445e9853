// Each published name of the hooks against ours. Where ours take or give more, what is written against
// the published ones still compiles: that direction is what is checked, and the rest by its name.

import type * as Published from "@trigger.dev/sdk/chat/react";
import type * as Ours from "trigger-chat-transport/react";
import type { SupportMessage, plainAgent, supportAgent } from "../application/agent";
import type { Assignable, Both, Expect, Names, Same } from "./equality";

type M = SupportMessage;

/** The same but for the members `More`, which only ours have. */
type SameBut<A, B, More extends PropertyKey> = Both<Names<A> | More, Names<B>> extends true
  ? Same<A, { [K in keyof B as K extends More ? never : K]: B[K] }>
  : false;

type OptionsOf<TAgent extends AnyAgent> = [
  Published.UseTriggerChatTransportOptions<TAgent>,
  Ours.UseTriggerChatTransportOptions<TAgent>,
];
type AnyAgent = typeof supportAgent | typeof plainAgent;
type Pair<P extends [unknown, unknown]> = SameBut<P[0], P[1], "chatId">;

export type Options = [
  Expect<Pair<OptionsOf<typeof supportAgent>>>,
  Expect<Pair<OptionsOf<typeof plainAgent>>>,
  Expect<Pair<[Published.UseTriggerChatTransportOptions, Ours.UseTriggerChatTransportOptions]>>,
  Expect<Same<Published.UseLoadTranscriptOptions["limit"], Ours.UseLoadTranscriptOptions["limit"]>>,
  Expect<Same<keyof Published.UseLoadTranscriptOptions, keyof Ours.UseLoadTranscriptOptions>>,
  Expect<
    Same<
      Omit<Published.UsePendingMessagesOptions<M>, "transport">,
      Omit<Ours.UsePendingMessagesOptions<M>, "transport">
    >
  >,
];

export type PassedOn = [
  Expect<
    Same<
      Published.InferChatUIMessage<typeof supportAgent>,
      Ours.InferChatUIMessage<typeof supportAgent>
    >
  >,
  Expect<Same<Published.ChatTransportEvent, Ours.ChatTransportEvent>>,
  Expect<Same<Published.ChatTransportSendSource, Ours.ChatTransportSendSource>>,
];

export type Results = [
  Expect<Same<Published.LoadTranscriptResult, Ours.LoadTranscriptResult>>,
  Expect<Same<Published.LoadTranscriptResult<M>, Ours.LoadTranscriptResult<M>>>,
  Expect<Same<Published.InjectedMessage, Ours.InjectedMessage>>,
  Expect<SameBut<Published.PendingMessage, Ours.PendingMessage, "failed" | "parts">>,
  Expect<
    SameBut<
      Omit<Published.UsePendingMessagesReturn, Wider>,
      Omit<Ours.UsePendingMessagesReturn, Wider>,
      "discard"
    >
  >,
  Expect<Assignable<Ours.UsePendingMessagesReturn, Published.UsePendingMessagesReturn>>,
];

/** They take files too, and messages say more. */
type Wider = "steer" | "queue" | "pending";

/** The hooks, whose transport is of either class: the classes are compared in `equality.ts`. */
type Hook<H extends (...args: never[]) => unknown, First> =
  Parameters<H> extends [infer _, ...infer Rest] ? (first: First, ...rest: Rest) => ReturnType<H> : never;

export type Hooks = [
  Expect<Same<typeof Published.useChatActions, typeof Ours.useChatActions>>,
  Expect<Same<typeof Published.useSubAgentMessages<M>, typeof Ours.useSubAgentMessages<M>>>,
  Expect<Same<typeof Published.useSubAgentMessages, typeof Ours.useSubAgentMessages>>,
  Expect<
    Same<
      Hook<typeof Published.seedTranscriptCursor, unknown>,
      Hook<typeof Ours.seedTranscriptCursor, unknown>
    >
  >,
  Expect<
    Same<
      Hook<typeof Published.useMultiTabChat<M>, unknown>,
      Hook<typeof Ours.useMultiTabChat<M>, unknown>
    >
  >,
  Expect<
    Same<
      ReturnType<typeof Published.useLoadTranscript<M>>,
      ReturnType<typeof Ours.useLoadTranscript<M>>
    >
  >,
  Expect<
    Same<
      Load<Parameters<typeof Published.useLoadTranscript<M>>>,
      Load<Parameters<typeof Ours.useLoadTranscript<M>>>
    >
  >,
  Expect<
    Same<ReturnType<typeof Ours.usePendingMessages<M>>, Ours.UsePendingMessagesReturn>
  >,
  Expect<
    Same<ReturnType<typeof Published.usePendingMessages<M>>, Published.UsePendingMessagesReturn>
  >,
  Expect<
    Same<
      Parameters<typeof Ours.useTriggerChatTransport<typeof supportAgent>>,
      [options: Ours.UseTriggerChatTransportOptions<typeof supportAgent>]
    >
  >,
  Expect<
    Same<
      Parameters<typeof Published.useTriggerChatTransport<typeof supportAgent>>,
      [options: Published.UseTriggerChatTransportOptions<typeof supportAgent>]
    >
  >,
];

type Load<P extends unknown[]> = [P[0], P[1]];
