//! The address as a QR code, as one outline: rectangles side by side would show seams on a screen.

use krilla::geom::{Path, PathBuilder};
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The quiet zone that readers need around it, in modules.
pub(super) const QUIET: i32 = 4;

/// Which of the eight patterns is laid over the code. Every reader reads all of them; to try them out for the most even one would cost a
/// tenth of a certificate.
const MASK: u8 = 3;

/// A code that was made: the outline of its dark modules, one unit each, without the quiet zone, and how many there are a side.
pub(super) struct Code {
    pub(super) path: Path,
    /// The same as corners, round by round.
    pub(super) rounds: Vec<Vec<(i32, i32)>>,
    pub(super) modules: i32,
}

impl Code {
    /// The code of an address; `None` for what is longer than a code holds.
    pub(super) fn of(address: &str) -> Option<Self> {
        // A seventh of it may be covered or scratched, and the modules are large: it is printed and hung up.
        let segments = QrSegment::make_segments(address);
        let (from, to) = (Version::MIN, Version::MAX);
        let code =
            QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, from, to, Some(Mask::new(MASK)), true)
                .ok()?;
        let modules = code.size();
        let mut left = edges(&code);
        let mut rounds = Vec::new();
        for first in 0..left.len() {
            trace(&mut left, first, modules + 1, &mut rounds);
        }
        Some(Self { path: path(&rounds)?, rounds, modules })
    }
}

/// Directions of an edge, clockwise.
const STEPS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// For each corner of the grid, which edges between dark and light leave it: dark lies on their right.
fn edges(code: &QrCode) -> Vec<[bool; 4]> {
    let side = code.size() + 1;
    let dark = |x: i32, y: i32| code.get_module(x, y);
    let mut edges = Vec::new();
    for y in 0..side {
        for x in 0..side {
            edges.push([
                dark(x, y) && !dark(x, y - 1),
                dark(x - 1, y) && !dark(x, y),
                dark(x - 1, y - 1) && !dark(x - 1, y),
                dark(x, y - 1) && !dark(x - 1, y - 1),
            ]);
        }
    }
    edges
}

#[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
fn path(rounds: &[Vec<(i32, i32)>]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for round in rounds {
        for (place, (x, y)) in round.iter().enumerate() {
            let (x, y) = (*x as f32, *y as f32);
            if place == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
    }
    path.finish()
}

/// Follows the edges from a corner until they are used up, turning right where two ways lead on: each round closes.
fn trace(left: &mut [[bool; 4]], first: usize, side: i32, rounds: &mut Vec<Vec<(i32, i32)>>) {
    while let Some(mut step) = left[first].iter().position(|open| *open) {
        let width = usize::try_from(side).unwrap_or(1);
        let (mut x, mut y) = ((first % width) as i32, (first / width) as i32);
        let mut round = vec![(x, y)];
        loop {
            let corner = usize::try_from(y * side + x).unwrap_or(0);
            left[corner][step] = false;
            (x, y) = (x + STEPS[step].0, y + STEPS[step].1);
            let corner = usize::try_from(y * side + x).unwrap_or(0);
            let Some(next) = [1, 0, 3].into_iter().map(|turn| (step + turn) % 4).find(|way| left[corner][*way]) else {
                break;
            };
            if next != step {
                round.push((x, y));
            }
            step = next;
        }
        rounds.push(round);
    }
}
