//! Starts the page.

use frontend::{components::app::App, services::screen};

fn main() {
    screen::show_panics();
    if let Some(root) = screen::element("app") {
        yew::Renderer::<App>::with_root(root).render();
    }
}
