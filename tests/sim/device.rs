//! What the device does to a page: its one timer, its wake events, freezing and going on.

use trigger_chat_transport::Input;
use trigger_chat_transport::io::Wake;

use crate::faults::Fault;
use crate::page::{Page, ToPage};
use crate::requests::Requests;
use crate::world::{Event, World};

impl World {
    /// Listens to the device while something is sent or read, and no longer.
    pub(crate) fn listen(&mut self, page: usize) {
        let active = self.pages[page].machine.is_active();
        let listened = core::mem::replace(&mut self.pages[page].listening, active);
        if active && !listened {
            let offline = self.now_ms < self.offline_until_ms[page];
            self.wake(page, if offline { Wake::Offline } else { Wake::Online });
        }
    }

    /// Whether a page's waits say something: it stands behind no clock that jumped, and no timer that is late.
    pub(crate) fn is_punctual(&self, page: usize) -> bool {
        self.pages[page].clock_offset_ms == 0 && !self.unpunctual
    }

    pub(crate) fn wake(&mut self, page: usize, wake: Wake) {
        self.pages[page].judged.iter_mut().for_each(Requests::woken);
        self.feed(page, Input::Wake(wake));
    }

    /// Arms the one timer. An earlier one is left to fire.
    pub(crate) fn arm(&mut self, page: usize, ticked: bool) {
        let late = self.active(Fault::LateTimers);
        let hidden = self.active(Fault::HiddenTab);
        let Page { slot, machine, timer, timer_serial, random, clock_offset_ms, .. } =
            &mut self.pages[page];
        let Some(deadline_ms) = machine.deadline_ms() else {
            *timer = None;
            return;
        };
        if timer.is_some_and(|(armed_ms, _)| armed_ms <= deadline_ms) {
            return;
        }
        let clock_ms = self.now_ms.saturating_add_signed(*clock_offset_ms);
        let mut delay_ms = deadline_ms.saturating_sub(clock_ms);
        if late && random.chance(50) {
            self.hits.hit(Fault::LateTimers);
            delay_ms += random.within(1, 5_000);
        }
        if hidden && *slot == 0 && delay_ms > 0 {
            self.hits.hit(Fault::HiddenTab);
            let at_ms = (self.now_ms + delay_ms).next_multiple_of(60_000);
            delay_ms = at_ms - self.now_ms;
        }
        *timer_serial += 1;
        let serial = *timer_serial;
        *timer = Some((deadline_ms, serial));
        let to = ToPage::Timer { serial };
        self.queue.push(self.now_ms + delay_ms, Event::ToPage { page, to });
        if ticked && deadline_ms <= clock_ms {
            self.violate("P7", "the deadline lies in the past behind a tick: a tight loop".into());
        }
    }

    /// A frozen page goes on: what reached it in the meantime reaches it now.
    pub(crate) fn thaw(&mut self, page: usize) {
        if !core::mem::take(&mut self.pages[page].frozen) {
            return;
        }
        for to in core::mem::take(&mut self.pages[page].deferred) {
            self.reach(page, to);
        }
    }
}
