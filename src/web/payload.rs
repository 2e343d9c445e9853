//! The caller's own objects as values of the wire layer: they are never turned into Rust strings.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::convert::set;
use crate::wire::input::Value;

impl Value for JsValue {
    fn object() -> Self {
        Object::new().into()
    }

    // Kept out of line: it is called for every member of every object.
    #[inline(never)]
    fn with(self, name: &str, value: Option<Self>) -> Self {
        if let Some(value) = value {
            set(self.unchecked_ref(), name, value);
        }
        self
    }

    fn array(items: Vec<Self>) -> Self {
        items.into_iter().collect::<Array>().into()
    }

    fn string(text: &str) -> Self {
        text.into()
    }

    #[inline(never)]
    fn member(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(self, &name.into()).ok()?;
        (!value.is_undefined()).then_some(value)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn items(&self) -> Vec<Self> {
        if Array::is_array(self) { Array::from(self).to_vec() } else { Vec::new() }
    }

    fn merged(self, over: &Self) -> Self {
        let Some(over) = Object::try_from(over) else { return self };
        // By entries: assigning a key `__proto__` would set a prototype and lose the value.
        let entries = Object::entries(self.unchecked_ref()).concat(&Object::entries(over));
        Object::from_entries(&entries).map_or(self, Into::into)
    }
}
