//! The world: pages, chats, connections, and one queue of what is to happen. No real time, no thread,
//! no chance but what follows from the plan.

use trigger_chat_transport::io::Output;

use crate::faults::{Fault, Hits};
use crate::judge::Excuses;
use crate::network::{Append, Subscription};
use crate::page::{Page, ToPage};
use crate::plan::{Mode, Plan};
use crate::queue::Queue;
use crate::random::Random;
use crate::server::Chat;
use crate::tabs::Origin;

/// Unix time at the start, in milliseconds.
const BEGIN_MS: u64 = 1_790_000_000_000;
/// Behind the last act faults go on for so long.
const FAULTS_LAST_MS: u64 = 45_000;
/// Behind the end of all faults and turns, what is under way has so long to come to its end: a
/// connect timeout, a stall, and twice the longest wait.
const FINISH_MS: u64 = 30_000 + 60_000 + 2 * 30_000;
/// More than this in one schedule is a loop.
const STEPS_LIMIT: u64 = 2_000_000;

/// Something that happens.
pub(crate) enum Event {
    Op(usize),
    ToPage {
        page: usize,
        to: ToPage,
    },
    AppendArrives(Box<Append>),
    SubscriptionArrives(usize),
    AgentReceives {
        chat: usize,
        seq: u64,
    },
    AgentStep {
        chat: usize,
        step: u64,
    },
    Flush(usize),
    Ping(usize),
    WindowEnds(usize),
    Reconnect {
        page: usize,
        chat: usize,
    },
    Thaw {
        page: usize,
        wake: trigger_chat_transport::io::Wake,
    },
    FaultsStop,
    /// The end, if the agents are idle.
    End,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The property, or the statement of the contract.
    pub(crate) property: &'static str,
    pub(crate) what: String,
    pub(crate) at_ms: u64,
}

/// What a schedule came to.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    pub(crate) violation: Option<Violation>,
    pub(crate) hits: Hits,
    /// Of everything that the machines asked for.
    pub(crate) digest: u64,
    pub(crate) parts: u64,
    /// The machines' own traces.
    pub(crate) traces: Vec<String>,
}

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) queue: Queue<Event>,
    pub(crate) now_ms: u64,
    pub(crate) chats: Vec<Chat>,
    pub(crate) pages: Vec<Page>,
    /// The page of each tab.
    pub(crate) slots: Vec<usize>,
    /// Whether a tab's application has `startSession`.
    pub(crate) starts_sessions: Vec<bool>,
    pub(crate) offline_until_ms: Vec<u64>,
    pub(crate) subscriptions: Vec<Subscription>,
    /// The open ones.
    pub(crate) live: Vec<usize>,
    pub(crate) requests: u64,
    pub(crate) hits: Hits,
    pub(crate) legacy: bool,
    /// The pages cannot know whose a boundary is.
    pub(crate) unnamed: bool,
    pub(crate) faults_stopped: bool,
    /// A page stood still: its waits say nothing.
    pub(crate) unpunctual: bool,
    pub(crate) last_act_ms: u64,
    /// When an application asked for something or was shown something last, or a page went on: there
    /// may be more to come.
    pub(crate) active_ms: u64,
    pub(crate) excuses: Vec<Excuses>,
    pub(crate) origin: Origin,
    violation: Option<Violation>,
    digest: u64,
    parts: u64,
    narrate: bool,
}

/// Plays a schedule to its end.
pub(crate) fn play(plan: &Plan, narrate: bool) -> Ending {
    let mut world = World::new(plan.clone(), narrate);
    world.open();
    world.run();
    if world.violation.is_none() {
        world.judge_end();
    }
    let traces = world.pages.iter().map(|page| page.machine.trace().render()).collect();
    Ending {
        violation: world.violation,
        hits: world.hits,
        digest: world.digest,
        parts: world.parts,
        traces,
    }
}

impl World {
    fn new(plan: Plan, narrate: bool) -> Self {
        let slots = plan.last_slot() + 1;
        let last_act_ms = BEGIN_MS + plan.ops.iter().map(|op| op.at_ms).max().unwrap_or(0);
        Self {
            queue: Queue::new(),
            now_ms: BEGIN_MS,
            chats: (0..plan.chats).map(|_| Chat::default()).collect(),
            pages: Vec::new(),
            slots: vec![0; slots],
            starts_sessions: vec![true; slots],
            offline_until_ms: Vec::new(),
            subscriptions: Vec::new(),
            live: Vec::new(),
            requests: 0,
            hits: Hits::default(),
            legacy: plan.has(Fault::LegacyStream),
            unnamed: plan.has(Fault::LegacyStream) || plan.has(Fault::AppendWithoutSeq),
            faults_stopped: false,
            unpunctual: [
                // A timer, a consumer or a server may ask for longer waits.
                Fault::LateTimers,
                Fault::SlowConsumer,
                Fault::RetryHint,
                Fault::HiddenTab,
            ]
            .iter()
            .any(|fault| plan.has(*fault)),
            last_act_ms,
            active_ms: BEGIN_MS,
            excuses: vec![Excuses::default(); plan.chats],
            origin: Origin::default(),
            violation: None,
            digest: 0xCBF2_9CE4_8422_2325,
            parts: 0,
            narrate,
            plan,
        }
    }

    /// The pages open, and what is to happen is planned.
    fn open(&mut self) {
        let mut random = Random::of(self.plan.seed, "open", 0);
        let watches = self.plan.has(Fault::Watcher) && !self.plan.has(Fault::MultiTab);
        if self.legacy {
            self.hits.hit(Fault::LegacyStream);
        }
        for slot in 0..self.slots.len() {
            let watch = watches && (slot == 1 || random.chance(20));
            let page = self.open_page(slot, watch);
            let gone = self.plan.has(Fault::SessionGone) && slot == 0;
            self.starts_sessions[slot] = gone || random.chance(75);
            for chat in 0..self.plan.chats {
                // Without `startSession` somebody else has made it.
                let hydrates = random.chance(60) || gone || slot > 0;
                self.chats[chat].exists |= !self.starts_sessions[slot] || (hydrates && !gone);
                if hydrates {
                    self.hydrate_new(page, chat, !gone);
                    if gone {
                        self.hits.hit(Fault::SessionGone);
                    }
                } else if self.starts_sessions[slot] && random.chance(50) {
                    self.start(page, chat);
                }
            }
            if slot == 1 && self.plan.has(Fault::MultiTab) {
                self.hits.hit(Fault::MultiTab);
            } else if slot == 1 {
                self.hits.hit(if watch { Fault::Watcher } else { Fault::SecondTab });
                self.queue.push(BEGIN_MS + 50, Event::Reconnect { page, chat: 0 });
            }
        }
        for (number, op) in self.plan.ops.iter().enumerate() {
            self.queue.push(BEGIN_MS + op.at_ms, Event::Op(number));
        }
        self.queue.push(self.last_act_ms + FAULTS_LAST_MS, Event::FaultsStop);
    }

    fn run(&mut self) {
        let mut steps = 0;
        while let Some((at_ms, event)) = self.queue.pop() {
            self.now_ms = self.now_ms.max(at_ms);
            steps += 1;
            if steps > STEPS_LIMIT {
                self.violate("P6", "the schedule never ends".into());
            }
            if matches!(event, Event::End) && self.is_over() || self.violation.is_some() {
                return;
            }
            self.happen(event);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Op(number) => self.act(number),
            Event::ToPage { page, to } => self.reach(page, to),
            Event::AppendArrives(append) => self.append_arrives(&append),
            Event::SubscriptionArrives(number) => self.subscription_arrives(number),
            Event::AgentReceives { chat, seq } => self.agent_receives(chat, seq),
            Event::AgentStep { chat, step } => self.agent_steps(chat, step),
            Event::Flush(number) => self.flush_one(number),
            Event::Ping(number) => self.ping(number),
            Event::WindowEnds(number) => self.end_window(number),
            Event::Reconnect { page, chat } => self.reconnect(page, chat),
            Event::Thaw { page, wake } => {
                self.active_ms = self.now_ms;
                self.thaw(page);
                self.reach(page, ToPage::Wake(wake));
            }
            Event::FaultsStop => {
                self.faults_stopped = self.plan.mode == Mode::Liveness;
                self.queue.push(self.now_ms + FINISH_MS, Event::End);
            }
            Event::End => {}
        }
    }

    /// Nothing more can come but what must have come by now.
    fn is_over(&mut self) -> bool {
        let idle = self.chats.iter().all(|chat| chat.agent.is_idle());
        let frozen = self.pages.iter().any(|page| page.frozen);
        let rested = !frozen && self.now_ms >= self.active_ms + FINISH_MS;
        let over = self.plan.mode == Mode::Safety || idle && rested && self.finished_since();
        if !over {
            self.queue.push(self.now_ms + FINISH_MS, Event::End);
        }
        over
    }

    /// Whether nothing was written for long enough already.
    fn finished_since(&mut self) -> bool {
        let written: u64 = self.chats.iter().map(|chat| chat.log.len() as u64).sum();
        core::mem::replace(&mut self.parts, written) == written
    }

    /// Whether a kind of fault may take effect now.
    pub(crate) fn active(&self, fault: Fault) -> bool {
        !self.faults_stopped && self.plan.has(fault)
    }

    pub(crate) fn is_replaced(&self, chat: usize) -> bool {
        self.excuses[chat].replaced()
    }

    /// Notes what a machine asked for.
    pub(crate) fn note(&mut self, page: usize, outputs: &[Output]) {
        if outputs.is_empty() {
            return;
        }
        if self.narrate {
            for output in outputs {
                println!("{:>8} page {page} {output:?}", self.now_ms - BEGIN_MS);
            }
        }
        let mix = |digest: u64, byte: u8| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        let mut digest = self.digest;
        for byte in self.now_ms.to_le_bytes().into_iter().chain([page as u8, outputs.len() as u8]) {
            digest = mix(digest, byte);
        }
        self.digest = digest;
    }

    /// A property does not hold. The first one counts.
    pub(crate) fn violate(&mut self, property: &'static str, what: String) {
        let at_ms = self.now_ms - BEGIN_MS;
        self.violation.get_or_insert(Violation { property, what, at_ms });
    }
}
