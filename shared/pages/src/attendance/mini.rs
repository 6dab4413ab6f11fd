//! A person's attendance in one row, for lists of many people: what had to be attended, what was, and what was missed. It has no
//! words; the row that it stands in says the same in numbers.

use domain::{
    attendance::{Person, Window},
    event::{Span, spans},
};
use std::fmt::Write;

/// The picture's frame in a row, before what is in it.
const FRAME: &str =
    "<svg class=\"timeline mini\" width=\"100%\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">";

/// One person's row: the instruction as a ground, stays as a bar in it, misses as dashed outlines.
pub fn mini_bar(window: &Window, person: &Person) -> String {
    let mut out = String::from(FRAME);
    draw(&window.required, "ground", window.event, &mut out);
    let missed: Vec<Span> = person.missed.iter().map(|missed| missed.span).collect();
    draw(&missed, "missed", window.event, &mut out);
    // Last, so that a stay of a second isn't hidden between two misses.
    draw(&spans::within(&person.stays, window.event), "stay", window.event, &mut out);
    out.push_str("</svg>");
    out
}

/// The row of nobody: what had to be attended.
pub fn mini_bar_of_schedule(window: &Window) -> String {
    let mut out = String::from(FRAME);
    draw(&window.required, "ground", window.event, &mut out);
    out.push_str("</svg>");
    out
}

fn draw(bars: &[Span], class: &str, event: Span, out: &mut String) {
    let whole = (event.to - event.from).max(1);
    let place = |at: i64| (at - event.from).clamp(0, whole).saturating_mul(10_000) / whole;
    let (y, height) = if class == "stay" { (4, 6) } else { (1, 12) };
    for bar in bars {
        let (from, width) = (place(bar.from), (place(bar.to) - place(bar.from)).max(1));
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{}.{:02}%\" y=\"{y}\" width=\"{}.{:02}%\" height=\"{height}\"/>",
            from / 100,
            from % 100,
            width / 100,
            width % 100,
        );
    }
}
