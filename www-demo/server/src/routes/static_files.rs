//! Serves a built single-page app: files with their types, and `index.html` for every other page.
//! Without a directory, and for paths of the API, an unknown path is a 404 in the usual JSON.

use std::{
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use axum::{
    extract::Request,
    http::{Method, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};

use crate::{error::ApiError, server::Server};

/// Paths under these are never pages.
const API_PREFIXES: [&str; 4] = ["/api/", "/realtime/", "/demo/", "/faults"];

pub(crate) fn fallback(directory: Option<PathBuf>) -> MethodRouter<Arc<Server>> {
    any(move |request: Request| serve(directory.clone(), request))
}

async fn serve(directory: Option<PathBuf>, request: Request) -> Response {
    let path = request.uri().path();
    let is_page = !API_PREFIXES.iter().any(|prefix| path.starts_with(prefix));
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if let (Some(directory), true, true) = (directory, is_page, reads)
        && let Some(response) = file_or_page(&directory, path).await
    {
        return response;
    }
    ApiError::not_found(format!("Nothing is at {path}")).into_response()
}

async fn file_or_page(directory: &Path, path: &str) -> Option<Response> {
    let file = inside(directory, path)?;
    if let Some(response) = read(&file).await {
        return Some(response);
    }
    // A missing asset must not come back as a page: the browser would parse HTML as a module.
    let is_asset = file.extension().is_some();
    if is_asset {
        return None;
    }
    read(&directory.join("index.html")).await
}

/// The file that a path names, or `None` for a path that leads out of the directory.
fn inside(directory: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let stays = relative.components().all(|component| matches!(component, Component::Normal(_)));
    stays.then(|| directory.join(relative))
}

async fn read(file: &Path) -> Option<Response> {
    let bytes = tokio::fs::read(file).await.ok()?;
    // Hashed names never change; everything else may change with the next build.
    let cache = if file.components().any(|part| part.as_os_str() == "assets") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [(header::CONTENT_TYPE, content_type(file)), (header::CACHE_CONTROL, cache)];
    Some((headers, bytes).into_response())
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_directory() {
        let directory = Path::new("/srv/app");
        assert_eq!(
            inside(directory, "/assets/core.wasm"),
            Some(PathBuf::from("/srv/app/assets/core.wasm"))
        );
        assert_eq!(inside(directory, "/../etc/passwd"), None);
        assert_eq!(inside(directory, "/a/../../etc/passwd"), None);
        assert_eq!(content_type(Path::new("core.wasm")), "application/wasm");
    }
}
