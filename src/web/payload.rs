//! The caller's own objects as values of the wire layer: they are never turned into Rust strings.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::host::Fields;
use crate::wire::input::Value;

impl Value for JsValue {
    fn object() -> Self {
        // Without a prototype: assigning a key `__proto__` would set it, and lose the value.
        Object::<JsValue>::create(JsValue::NULL.unchecked_ref()).into()
    }

    // Kept out of line: it is called for every member of every object.
    #[inline(never)]
    fn with(self, name: &str, value: Option<Self>) -> Self {
        if let Some(value) = value {
            self.unchecked_ref::<Fields>().value(name, &value);
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
        if let Some(over) = Object::try_from(over) {
            Object::assign(self.unchecked_ref(), over);
        }
        self
    }
}
