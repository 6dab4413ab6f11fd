//! Participations of a closed account: what may still be given back is given back, and the rest is emptied of what only the person
//! needed. Done twice it is done once, so that a closing that died half-way is ended by the next.

use super::{
    super::{Table, TableError, Transacted},
    people::person_item,
    registering::{Tries, waiting_key},
};
use domain::{
    event::Event,
    id::{AccountId, EventId},
    registration::{Cancelling, plan_leaving},
};

impl Table {
    /// Takes a person out of an event as far as that may be, and their address, link and PIN off what stays of it; `event` is as
    /// it was read, `None` if it isn't there any more. Tells what got free. Nobody is written to.
    pub async fn leave_event(
        &self,
        id: &EventId,
        event: Option<&Event>,
        account: &AccountId,
        now: i64,
    ) -> Result<Option<Cancelling>, TableError> {
        let mut tries = Tries::default();
        loop {
            let Some(before) = self.fetch_participation(id, account).await? else { return Ok(None) };
            let Some(leaving) = plan_leaving(event, &before, now) else { return Ok(None) };
            let starts_at = event.map_or(0, |event| event.when.starts_at);
            let mut writes = vec![self.put_version(person_item(&leaving.left, starts_at)?, before.version)?];
            if let Some(gives_back) = leaving.gives_back {
                writes.push(self.seats_cancel(id, gives_back, now)?);
            }
            if let Some(place) = before.state.place().filter(|_| leaving.gives_back.is_some()) {
                writes.push(self.delete_any(waiting_key(id, place))?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(leaving.gives_back),
                moved => tries.after(moved)?,
            }
            tries.rest().await?;
        }
    }
}
