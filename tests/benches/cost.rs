//! What an import costs in AWS calls and in capacity units of the table, for 1,000 accepted rows, a check of them, and their
//! second import. Counted, not timed. `cargo bench -p tests --bench cost`.

use domain::import::Mode;
use tests::{
    rosters::{Row, garcia, workbook},
    workshop::{FAR, Workshop},
};

fn main() {
    // `cargo test --benches` only wants to know that this builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let workshop = Workshop::open().await;
        workshop.enter_walkers().await;
        let walker =
            |n: usize| Row { licence: format!("W{n:05}"), first: "Wren".into(), last: "Walker".into(), ..garcia(10) };
        let file = workbook(&(0..1_000).map(walker).collect::<Vec<_>>());
        println!(
            "{:<28} {:>10} {:>13} {:>13} {:>8}",
            "1,000 rows", "AWS calls", "table writes", "index writes", "reads"
        );
        for (what, mode) in
            [("checked", Mode::Check), ("imported", Mode::Import), ("imported a second time", Mode::Import)]
        {
            let (id, message) = workshop.upload(mode, file.clone()).await;
            workshop.watch.reset();
            assert_eq!(workshop.deliver(&message, FAR).await, 0);
            let (calls, spent) = (workshop.watch.total(), workshop.watch.capacity());
            assert_eq!(workshop.import(&id).await.counts.processed, 1_000);
            let units = |hundredths: u64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
            println!(
                "{what:<28} {calls:>10} {:>13} {:>13} {:>8}",
                units(spent.table_writes),
                units(spent.index_writes),
                units(spent.reads)
            );
        }
    });
}
