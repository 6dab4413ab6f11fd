//! Events and registrations: what may be published, changed, copied and promised, and who gets a seat.

#[path = "events/changes.rs"]
mod changes;
#[path = "events/consents.rs"]
mod consents;
#[path = "events/drafts.rs"]
mod drafts;
#[path = "events/expecting.rs"]
mod expecting;
#[path = "events/publishing.rs"]
mod publishing;
#[path = "events/registering.rs"]
mod registering;
#[path = "events/times.rs"]
mod times;
#[path = "events/world.rs"]
mod world;
