//! What the page and the device say about connections (D4). Listens; decides nothing.
//!
//! Where there is no document (Node, workers) there is nothing to listen to.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::convert::{member, text_member};
use super::driver::Driver;
use crate::Input;
use crate::io::Wake;

/// Hidden for so long, a page's connections are taken for dead.
const LONG_HIDDEN_MS: f64 = 30_000.0;

/// Registered listeners; dropping it removes them.
pub(super) struct Listeners(Vec<Listener>);

struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn Fn(JsValue)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        // Nothing is left to do where a target refuses.
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}

/// What the device says of its network now.
pub(super) fn network() -> Wake {
    let navigator = member(&js_sys::global(), "navigator");
    let says = navigator.and_then(|navigator| member(&navigator, "onLine"));
    if says.is_some_and(|online| online.is_falsy()) { Wake::Offline } else { Wake::Online }
}

/// Listens for wake events, where there are any.
pub(super) fn listen(driver: &Rc<Driver>) -> Option<Listeners> {
    let global: JsValue = js_sys::global().into();
    let document = member(&global, "document")?;
    member(&document, "addEventListener").zip(member(&global, "addEventListener"))?;
    let mut listeners = Listeners(Vec::new());
    let weak = Rc::downgrade(driver);
    let is_hidden = {
        let document = document.clone();
        move || text_member(&document, "visibilityState").as_deref() == Some("hidden")
    };
    let hidden_since = Cell::new(is_hidden().then(js_sys::Date::now));
    listeners.add(&document, "visibilitychange", &weak, {
        move |_| {
            if is_hidden() {
                hidden_since.set(Some(js_sys::Date::now()));
                return None;
            }
            let hidden_ms = hidden_since.take().map_or(0.0, |since| js_sys::Date::now() - since);
            Some(if hidden_ms >= LONG_HIDDEN_MS { Wake::Reconnect } else { Wake::RetryNow })
        }
    });
    listeners.add(&document, "resume", &weak, |_| Some(Wake::Check));
    listeners.add(&global, "online", &weak, |_| Some(Wake::Reconnect));
    listeners.add(&global, "offline", &weak, |_| Some(Wake::Offline));
    listeners.add(&global, "pageshow", &weak, |event| {
        let restored = member(&event, "persisted").is_some_and(|flag| flag.is_truthy());
        Some(if restored { Wake::Reconnect } else { Wake::Check })
    });
    Some(listeners)
}

impl Listeners {
    fn add(
        &mut self,
        target: &JsValue,
        event: &'static str,
        driver: &Weak<Driver>,
        judge: impl Fn(JsValue) -> Option<Wake> + 'static,
    ) {
        let driver = driver.clone();
        let callback = Closure::<dyn Fn(JsValue)>::new(move |event| {
            if let Some((driver, wake)) = driver.upgrade().zip(judge(event)) {
                driver.feed(Input::Wake(wake));
            }
        });
        let target: EventTarget = target.clone().unchecked_into();
        let function = callback.as_ref().unchecked_ref();
        if target.add_event_listener_with_callback(event, function).is_ok() {
            self.0.push(Listener { target, event, callback });
        }
    }
}
