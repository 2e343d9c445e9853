//! Several tabs on one chat (section E): who may send, and what becomes of it when a tab ends, freezes,
//! lies, or runs the published package.

mod claims;
mod following;
mod locks;
mod origin;
mod resumed;
mod strangers;
