//! What an attendee costs from registration to the issued certificate, step by step, in DynamoDB's units: what the attendee's own steps
//! cost, and what the event's looks cost that all of its attendees share. Evidence is left out, and so are the pages that somebody only
//! looks at. The figures stand in the README.

use tests::{completing::Completing, connector::Capacity};

/// So many that what is the event's own can be told from what is each one's.
const PEOPLE: u64 = 20;

/// A step's units for each of the people, in hundredths: written to the table, to its indexes, and read.
type Step = (&'static str, u64, u64, u64);

/// What each step costs an attendee, in the indexes at most. A unit more or less is a change that somebody has thought about.
const STEPS: [Step; 7] = [
    ("registration", 900, 400, 900),
    ("its mail", 200, 100, 155),
    ("the link", 120, 10, 90),
    ("decision and invitation", 220, 30, 240),
    ("the invitation's mail", 200, 0, 115),
    ("submission", 800, 30, 1_100),
    ("certificate", 515, 100, 450),
];

/// What was spent since the last step, for each.
fn each(spent: Capacity) -> (u64, u64, u64) {
    (spent.table_writes / PEOPLE, spent.index_writes / PEOPLE, spent.reads / PEOPLE)
}

#[tokio::test]
async fn an_attendee_costs_what_the_table_of_steps_says() {
    let all = Completing::open().await;
    for number in 1..=PEOPLE {
        all.licensee(number.into()).await;
    }
    let mut steps = Vec::new();
    let mut step = || {
        let spent = each(all.watch().capacity());
        all.watch().reset();
        steps.push(spent);
    };
    let (portal, sender, maker) = (all.portal().await, all.sender().await, all.maker().await);
    all.watch().reset();

    for number in 1..=PEOPLE {
        assert_eq!(all.register(&portal, number.into()).await, 303);
    }
    step();
    for mails in all.nudges_of("mail").chunks(10) {
        assert!(all.send(&sender, mails).await);
    }
    step();
    all.due.wait(60);
    assert!(all.due.look().await);
    assert_eq!(all.due.check_links().await as u64, PEOPLE);
    step();
    all.take_place().await;
    all.decide().await;
    step();
    for mails in all.nudges_of("letter").chunks(10) {
        assert!(all.send(&sender, mails).await);
    }
    step();
    for number in 1..=PEOPLE {
        assert_eq!(all.submit(&portal, number.into()).await, "/wallet/certificates?done=submitted");
    }
    step();
    for number in 1..=PEOPLE {
        assert!(all.make(&maker, &[all.about(number.into())]).await);
    }
    step();

    for number in 1..=PEOPLE {
        assert!(all.certificate(number.into()).await.is_some());
    }
    assert_eq!(all.mailbox().mails().len() as u64, 2 * PEOPLE);
    let found: Vec<Step> =
        STEPS.iter().zip(steps).map(|((name, ..), (table, index, reads))| (*name, table, index, reads)).collect();
    // How often the event's place in the index of what is due moves depends on how many seconds all of this took.
    let is_as_said = |(found, said): (&Step, &Step)| (found.1, found.3) == (said.1, said.3) && found.2 <= said.2;
    assert!(found.iter().zip(&STEPS).all(is_as_said), "{found:?}");
}
