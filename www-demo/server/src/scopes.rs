//! What a token's scopes allow. Pure text comparison; it never looks at signatures or sessions.
//!
//! A scope is `action:resource` (every resource of that kind) or `action:resource:id`; the id may
//! itself hold colons. `admin` as the action covers every other action.

/// Whether one of `scopes` allows `action` on a `resource` known under any of `ids`.
pub(crate) fn allow(scopes: &[String], action: &str, resource: &str, ids: &[&str]) -> bool {
    scopes.iter().any(|scope| covers(scope, action, resource, ids))
}

/// Whether one of `scopes` allows `action` on every `resource`.
pub(crate) fn allow_every(scopes: &[String], action: &str, resource: &str) -> bool {
    allow(scopes, action, resource, &[])
}

fn covers(scope: &str, action: &str, resource: &str, ids: &[&str]) -> bool {
    let mut words = scope.splitn(3, ':');
    let granted = words.next().unwrap_or_default();
    if granted != action && granted != "admin" {
        return false;
    }
    match (words.next(), words.next()) {
        (None, _) => granted == "admin",
        (Some(kind), None) => kind == resource,
        (Some(kind), Some(id)) => kind == resource && ids.contains(&id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(list: &[&str]) -> Vec<String> {
        list.iter().map(|scope| (*scope).to_owned()).collect()
    }

    #[test]
    fn a_scope_covers_its_own_action_resource_and_id_only() {
        let held = scopes(&["read:sessions:chat-1"]);
        assert!(allow(&held, "read", "sessions", &["session_x", "chat-1"]));
        assert!(!allow(&held, "write", "sessions", &["chat-1"]));
        assert!(!allow(&held, "read", "sessions", &["chat-2"]));
        assert!(!allow(&held, "read", "runs", &["chat-1"]));
        assert!(!allow_every(&held, "read", "sessions"));
    }

    #[test]
    fn ids_may_hold_colons_and_slashes() {
        let held = scopes(&["write:sessions:team:a/b"]);
        assert!(allow(&held, "write", "sessions", &["team:a/b"]));
        assert!(!allow(&held, "write", "sessions", &["team"]));
    }

    #[test]
    fn a_super_scope_covers_every_id_and_admin_every_action() {
        assert!(allow(&scopes(&["write:sessions"]), "write", "sessions", &["any"]));
        assert!(allow(&scopes(&["admin:sessions"]), "write", "sessions", &["any"]));
        assert!(allow_every(&scopes(&["admin"]), "write", "tasks"));
        assert!(!allow_every(&scopes(&["write"]), "write", "tasks"));
    }
}
