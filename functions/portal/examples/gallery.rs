//! Shows the pages in every state to a browser, over made-up data and without a cloud: `cargo run -p portal --example gallery`.

#[path = "../tests/portal/world.rs"]
#[expect(dead_code, reason = "the tests use more of the world than the gallery does")]
mod world;

use axum::Router;
use domain::import::{Counts, Mode, Refusal};
use tokio::net::TcpListener;
use world::{World, failed, processed, unchanged};

#[tokio::main]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:3100").await.expect("port 3100 is free");
    let world = World::at("http://127.0.0.1:3100").await;
    let now = adapters::clock::now();
    let waiting = world.announced("acme-ce", 1, Mode::Import, now - 60).await;
    let expired = world.announced("acme-ce", 2, Mode::Check, now - 7200).await;
    let reasons = [("unknown_licence".to_owned(), 31)].into();
    let counts = Counts { processed: 4_310, unchanged: 12, failed: 44, reasons };
    let judging = world.judging("acme-ce", 3, 14_000, &counts).await;
    let text = "The workbook is protected with a password, so it can't be read. Open it, remove the password, save it and upload it again.";
    let refused =
        world.refused("acme-ce", 4, &Refusal { code: "password_protected".to_owned(), text: text.to_owned() }).await;
    let mut rows: Vec<_> = (2..130).map(|row| processed(row, "Mary Ann", "O’Connor-Smith")).collect();
    rows[3] = unchanged(5);
    rows[1] = failed(
        3,
        &[
            (
                "unknown_licence",
                "The license number 00123 isn't in the register. Check it with the licensee, correct the cell and upload the file again; rows already processed won't be doubled.",
                "license_number",
            ),
            ("hours_not_positive", "The hours must be more than zero. Enter the hours that were earned.", "ce_hours"),
        ],
    );
    rows[6] = failed(
        8,
        &[(
            "course_not_associated_with_provider",
            "The course CE-101 isn't associated with you. Check the number against the courses on your CE Profile; if you do offer it, ask the office to associate it with you.",
            "course_number",
        )],
    );
    let done = world.done("acme-ce", 5, Mode::Import, &rows).await;
    let check = world.done("acme-ce", 6, Mode::Check, &rows).await;
    let holder = world.holder("TX-BON", "RN", "RN-10004", "Mary Ann", "O’Connor-Smith").await;
    world.credit(&holder, "CE-101", "Ethics at the bedside", 14).await;
    world.credit(&holder, "CE-102", "Pain management in the elderly", 15).await;
    for import in [waiting, expired, judging, refused, done, check] {
        println!("http://127.0.0.1:3100/import/{}", import.id);
    }
    println!("http://127.0.0.1:3100/office/licensees/TX-BON/RN/RN10004");
    let pages: Router = world.router();
    axum::serve(listener, pages).await.expect("the server runs");
}
