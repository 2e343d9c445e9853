//! A schedule: its seed, its kinds of faults, and what the user and the device do when. Everything
//! else follows from these; so a schedule can be kept as text, and shrunk.

use std::fmt::{self, Display};

use crate::faults::Fault;
use crate::random::Random;

/// Whether the faults ever stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They never stop, and nothing wrong may happen.
    Safety,
    /// They stop, and everything under way must come to its end.
    Liveness,
}

macro_rules! acts {
    ($($name:ident = $word:literal $(for $fault:ident)?,)*) => {
        /// What a user, an application or a device does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Act { $($name,)* }

        const ACTS: &[(Act, &str, Option<Fault>)] =
            &[$((Act::$name, $word, acts!(@fault $($fault)?)),)*];
    };
    (@fault) => { None };
    (@fault $fault:ident) => { Some(Fault::$fault) };
}

acts! {
    Send = "send",
    SendAtOnce = "send-at-once" for DoubleSend,
    Action = "action" for Action,
    Steer = "steer" for Steer,
    PressStop = "press-stop" for PressStop,
    Abort = "abort" for Abort,
    Cancel = "cancel" for Cancel,
    Reload = "reload" for Reload,
    Crash = "crash" for Crash,
    Remount = "remount" for Remount,
    Dispose = "dispose" for Dispose,
    FreezeKills = "freeze-kills" for FreezeKills,
    FreezeKeeps = "freeze-keeps" for FreezeKeeps,
    BackForward = "back-forward" for BackForward,
    Offline = "offline" for Offline,
    WakeStorm = "wake-storm" for WakeStorm,
    ClockForward = "clock-forward" for ClockForward,
    ClockBack = "clock-back" for ClockBack,
    TokensDie = "tokens-die" for TokensDie,
    CloseSession = "close-session" for SessionCloses,
}

impl Act {
    /// The kind of fault that it is one of, unless it is ordinary use.
    pub(crate) fn fault(self) -> Option<Fault> {
        ACTS.iter().find(|(act, ..)| *act == self).and_then(|(_, _, fault)| *fault)
    }
}

/// Something that is done at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) at_ms: u64,
    /// Which tab.
    pub(crate) slot: usize,
    pub(crate) chat: usize,
    pub(crate) act: Act,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) mode: Mode,
    pub(crate) chats: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) ops: Vec<Op>,
}

impl Plan {
    /// The schedule of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random::of(seed, "plan", 0);
        let mode = random.pick(&[Mode::Safety, Mode::Liveness]);
        let chats = if random.chance(15) { 2 } else { 1 };
        let mut faults = Vec::new();
        for _ in 0..random.within(1, 6) {
            let fault = random.pick(Fault::ALL);
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        // A channel goes wrong between tabs.
        if faults.iter().any(|fault| fault.is_of_channel()) && !faults.contains(&Fault::MultiTab) {
            faults.push(Fault::MultiTab);
        }
        let mut plan = Self { seed, mode, chats, faults, ops: Vec::new() };
        plan.draw_ops(&mut random);
        plan
    }

    fn draw_ops(&mut self, random: &mut Random) {
        let mut sends = Vec::new();
        let mut at_ms = random.within(0, 500);
        for _ in 0..random.within(2, 5) {
            sends.push(at_ms);
            let chat = random.next() as usize % self.chats;
            self.ops.push(Op { at_ms, slot: 0, chat, act: Act::Send });
            at_ms += random.within(200, 12_000);
        }
        if self.has(Fault::MultiTab) {
            for _ in 0..random.within(2, 6) {
                let at_ms = random.within(0, at_ms);
                let slot = random.within(1, self.last_slot() as u64) as usize;
                self.ops.push(Op { at_ms, slot, chat: 0, act: Act::Send });
            }
        } else if self.has(Fault::SecondTab) {
            for _ in 0..random.within(1, 3) {
                let at_ms = random.within(0, at_ms);
                self.ops.push(Op { at_ms, slot: 1, chat: 0, act: Act::Send });
            }
        }
        for (act, _, fault) in ACTS {
            if fault.is_none_or(|fault| !self.has(fault)) {
                continue;
            }
            for _ in 0..random.within(1, 3) {
                let slot = if random.chance(75) { 0 } else { self.last_slot() };
                let chat = random.next() as usize % self.chats;
                let at_ms = random.pick(&sends) + random.within(0, 6_000) / random.within(1, 20);
                self.ops.push(Op { at_ms, slot, chat, act: *act });
            }
        }
        self.ops.sort_by_key(|op| op.at_ms);
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// The number of the last tab.
    pub(crate) fn last_slot(&self) -> usize {
        if self.has(Fault::MultiTab) {
            return 1 + (self.seed % 4) as usize;
        }
        usize::from(self.has(Fault::SecondTab) || self.has(Fault::Watcher))
    }

    /// Reads what [`Plan::to_string`] wrote; lines that begin with `#` are remarks.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mut seed, mut mode, mut chats) = (None, None, None);
        let (mut faults, mut ops) = (Vec::new(), Vec::new());
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            match words.next()? {
                "seed" => seed = words.next()?.parse().ok(),
                "chats" => chats = words.next()?.parse().ok(),
                "mode" => {
                    let modes = [("safety", Mode::Safety), ("liveness", Mode::Liveness)];
                    let word = words.next()?;
                    mode = modes.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode);
                }
                "fault" => {
                    let word = words.next()?;
                    faults.push(*Fault::ALL.iter().find(|fault| fault.word() == word)?);
                }
                "at" => {
                    let at_ms = words.next()?.parse().ok()?;
                    let slot = words.nth(1)?.parse().ok()?;
                    let chat = words.nth(1)?.parse().ok()?;
                    let word = words.next()?;
                    let (act, ..) = *ACTS.iter().find(|(_, name, _)| *name == word)?;
                    ops.push(Op { at_ms, slot, chat, act });
                }
                _ => return None,
            }
        }
        Some(Self { seed: seed?, mode: mode?, chats: chats?, faults, ops })
    }
}

impl Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.mode == Mode::Safety { "safety" } else { "liveness" };
        writeln!(f, "seed {}\nmode {mode}\nchats {}", self.seed, self.chats)?;
        for fault in &self.faults {
            writeln!(f, "fault {}", fault.word())?;
        }
        for Op { at_ms, slot, chat, act } in &self.ops {
            let word = ACTS.iter().find(|(one, ..)| one == act).map_or("", |(_, word, _)| *word);
            writeln!(f, "at {at_ms} tab {slot} chat {chat} {word}")?;
        }
        Ok(())
    }
}
