// Each published type against ours, assignable both ways. `types.test.mjs` sees that none is missing.

import type * as Published from "@trigger.dev/sdk/chat";
import type * as Ours from "trigger-chat-transport";
import type { UIMessage } from "ai";
import type { SupportMessage, plainAgent, supportAgent } from "../application/agent";

export type Expect<T extends true> = T;
export type Assignable<From, To> = [From] extends [To] ? true : false;
export type Both<A, B> = Assignable<A, B> extends true ? Assignable<B, A> : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
type Not<T extends boolean> = T extends true ? false : true;

/** Assignability overlooks an optional member that one side lacks: its name does not. */
export type Names<T> = T extends unknown ? keyof T : never;

/** Assignable both ways, the members' names too; and neither is `any`, to which everything is. */
export type Same<A, B> =
  true extends IsAny<A> | IsAny<B> ? false : Both<A, B> extends true ? Both<Names<A>, Names<B>> : false;

/** Without private members, which no other class can have. */
type Public<T> = { [K in keyof T]: T[K] };

type Data = { userId: string };
type M = SupportMessage;

export type Requests = [
  Expect<Same<Published.ChatTransportEndpoint, Ours.ChatTransportEndpoint>>,
  Expect<Same<Published.ChatTransportEndpointContext, Ours.ChatTransportEndpointContext>>,
  Expect<Same<Published.ChatBaseURLResolver, Ours.ChatBaseURLResolver>>,
  Expect<Same<Published.ChatFetchOverride, Ours.ChatFetchOverride>>,
];

export type Sessions = [
  Expect<Same<Published.AccessTokenParams, Ours.AccessTokenParams>>,
  Expect<Same<Published.StartSessionParams, Ours.StartSessionParams>>,
  Expect<Same<Published.StartSessionParams<Data>, Ours.StartSessionParams<Data>>>,
  Expect<Same<Published.StartSessionResult, Ours.StartSessionResult>>,
  Expect<Same<Published.ChatSessionPersistedState, Ours.ChatSessionPersistedState>>,
  Expect<Same<Published.ChatSession, Ours.ChatSession>>,
];

export type Options = [
  Expect<Same<Published.TriggerChatTransportOptions, Ours.TriggerChatTransportOptions>>,
  Expect<Same<Published.TriggerChatTransportOptions<Data>, Ours.TriggerChatTransportOptions<Data>>>,
  Expect<Same<Published.TriggerChatTransportOptions<string>, Ours.TriggerChatTransportOptions<string>>>,
  Expect<Same<Published.AgentChatOptions, Ours.AgentChatOptions>>,
  Expect<Same<Published.AgentChatOptions<typeof supportAgent>, Ours.AgentChatOptions<typeof supportAgent>>>,
  Expect<Same<TriggerConfig<Published.AgentChatOptions>, TriggerConfig<Ours.AgentChatOptions>>>,
];

type TriggerConfig<O extends { triggerConfig?: unknown }> = NonNullable<O["triggerConfig"]>;

export type Events = [
  Expect<Same<Published.ChatTransportSendSource, Ours.ChatTransportSendSource>>,
  Expect<Same<Published.ChatTransportEvent, Ours.ChatTransportEvent>>,
  Expect<Same<EventMembers<Published.ChatTransportEvent>, EventMembers<Ours.ChatTransportEvent>>>,
];

/** Which event has which members. */
type EventMembers<E extends { type: string }> =
  E extends unknown ? `${E["type"]} ${keyof E & string}` : never;

export type Actions = [
  Expect<Same<Published.ChatActionSettlement, Ours.ChatActionSettlement>>,
  Expect<Same<Published.ChatActionOptions, Ours.ChatActionOptions>>,
];

export type Wire = [
  Expect<Same<Published.ChatTaskWirePayload, Ours.ChatTaskWirePayload>>,
  Expect<Same<Published.ChatTaskWirePayload<M, Data>, Ours.ChatTaskWirePayload<M, Data>>>,
  Expect<Same<ChannelEvent<Published.ChatTaskWirePayload>, ChannelEvent<Ours.ChatTaskWirePayload>>>,
  Expect<Same<Published.ChatInputChunk, Ours.ChatInputChunk>>,
  Expect<Same<Published.ChatInputChunk<M, Data>, Ours.ChatInputChunk<M, Data>>>,
];

type ChannelEvent<P extends { channelEvent?: unknown }> = NonNullable<P["channelEvent"]>;

/** What agents are inferred from: real ones, and what is none. */
type Subjects = {
  agent: typeof supportAgent;
  plain: typeof plainAgent;
  either: typeof supportAgent | typeof plainAgent;
  unknown: unknown;
  undefined: undefined;
  object: { id: string };
  never: never;
  text: "support";
};

type PublishedMessages = { [K in keyof Subjects]: Published.InferChatUIMessage<Subjects[K]> };
type OurMessages = { [K in keyof Subjects]: Ours.InferChatUIMessage<Subjects[K]> };
type PublishedData = { [K in keyof Subjects]: Published.InferChatClientData<Subjects[K]> };
type OurData = { [K in keyof Subjects]: Ours.InferChatClientData<Subjects[K]> };

export type Agents = [
  Expect<Same<PublishedMessages, OurMessages>>,
  Expect<Same<PublishedData, OurData>>,
  Expect<Same<OurMessages["agent"], SupportMessage>>,
  Expect<Same<OurMessages["plain"], UIMessage>>,
  Expect<Same<OurData["agent"], { userId: string; locale?: string | undefined }>>,
  Expect<Same<OurData["plain"], Record<string, unknown>>>,
  Expect<Not<IsAny<OurMessages["agent"]["metadata"]>>>,
];

export type SubAgents = [
  Expect<Same<typeof Published.SUB_AGENT_DATA_TYPE, typeof Ours.SUB_AGENT_DATA_TYPE>>,
  Expect<Same<typeof Published.createSubAgentMessages, typeof Ours.createSubAgentMessages>>,
  Expect<Same<Published.SubAgentChunkBatch, Ours.SubAgentChunkBatch>>,
  Expect<Same<Published.SubAgentDataChunk, Ours.SubAgentDataChunk>>,
  Expect<Same<Published.SubAgentMessages<M>, Ours.SubAgentMessages<M>>>,
  Expect<Same<Published.SubAgentMessagesOptions, Ours.SubAgentMessagesOptions>>,
];

export type Answers = [
  Expect<Same<Published.ChatStreamResult, Ours.ChatStreamResult>>,
  Expect<Same<Published.ChatToolCall, Ours.ChatToolCall>>,
  Expect<Same<Published.ChatToolResult, Ours.ChatToolResult>>,
];

/** Ours does all that the published one does, with the same arguments and the same results. */
type PublishedMember = keyof Published.TriggerChatTransport;

export type Class = [
  Expect<Assignable<PublishedMember, keyof Ours.TriggerChatTransport>>,
  Expect<
    Same<Public<Published.TriggerChatTransport>, Pick<Ours.TriggerChatTransport, PublishedMember>>
  >,
  Expect<
    Same<
      ConstructorParameters<typeof Published.TriggerChatTransport>,
      ConstructorParameters<typeof Ours.TriggerChatTransport>
    >
  >,
  Expect<
    Same<
      Parameters<typeof Published.createChatTransport>,
      Parameters<typeof Ours.createChatTransport>
    >
  >,
  Expect<Same<ReturnType<typeof Ours.createChatTransport>, Ours.TriggerChatTransport>>,
];
