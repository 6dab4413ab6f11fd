//! The black-box tests, in one program: they share one local cloud.

mod accounts;
mod arrows;
mod attending;
mod certificates;
mod completing;
mod doors;
mod due;
mod feedback;
mod imports;
mod lists;
mod mails;
mod naughty;
mod operators;
mod publishing;
mod records;
mod stories;
mod template;
mod tour;
mod tracking;
mod webinars;
mod workbooks;
mod zoom;
