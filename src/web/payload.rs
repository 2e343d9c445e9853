//! The caller's own objects as values of the wire layer: they are never turned into Rust strings.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::convert::set;
use crate::wire::input::Value;

impl Value for JsValue {
    fn object<const N: usize>(members: [(&str, Option<Self>); N]) -> Self {
        let object = Object::new();
        for (name, value) in members {
            if let Some(value) = value {
                set(&object, name, value);
            }
        }
        object.into()
    }

    fn array(items: Vec<Self>) -> Self {
        items.into_iter().collect::<Array>().into()
    }

    fn string(text: &str) -> Self {
        text.into()
    }

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

    fn merged(&self, over: Self) -> Self {
        let merged = Object::new();
        for source in [self, &over] {
            if let Some(source) = Object::try_from(source) {
                Object::assign(&merged, source);
            }
        }
        merged.into()
    }
}
