//! Courses: by number, all of them in order, and a provider's.

use super::{
    super::{Table, TableError, item::*, part::Part},
    batches::InBatch,
    saving::{Beside, RegisterChange, Saved, Writing, changed, stamp, texts, versioned},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    course::{Course, CourseNumber, MOST_PROVIDERS, ProviderId},
    hours::CreditHours,
    register::{Change, Versioned},
};
use std::collections::{BTreeMap, BTreeSet};

/// The partition of all courses.
const COURSES: &str = "COURSES";

impl Table {
    /// A course, as it stands at this moment.
    pub async fn fetch_course(&self, number: &CourseNumber) -> Result<Option<Versioned<Course>>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(number)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(versioned_course).transpose()
    }

    /// The courses of these numbers with their versions, in batches. Numbers that aren't in the register are left out.
    pub async fn fetch_versions_of_courses(
        &self,
        numbers: &BTreeSet<CourseNumber>,
    ) -> Result<BTreeMap<CourseNumber, Versioned<Course>>, TableError> {
        let items = self.fetch_batches(numbers.iter().map(key).collect()).await?;
        items.iter().map(|item| versioned_course(item).map(|course| (course.value.number.clone(), course))).collect()
    }

    /// Courses whose number begins like this, all if it is empty, in the order of their numbers: a page of `limit` after the
    /// cursor.
    pub async fn fetch_courses(
        &self,
        beginning: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Course>, Option<String>), TableError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("gsi1")
            .expression_attribute_values(":pk", s(COURSES));
        query = match beginning {
            "" => query.key_condition_expression("gsi1pk = :pk"),
            beginning => query
                .key_condition_expression("gsi1pk = :pk AND begins_with(gsi1sk, :beginning)")
                .expression_attribute_values(":beginning", s(beginning)),
        };
        let answer = query
            .limit(limit)
            .set_exclusive_start_key(after.and_then(|cursor| key_after(cursor, ("gsi1pk", COURSES))))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let courses = answer.items().iter().map(course).collect::<Result<_, _>>()?;
        Ok((courses, cursor(answer.last_evaluated_key())))
    }

    /// The courses that a provider is associated with, in the order of their numbers: a page of `limit` after the cursor.
    pub async fn fetch_courses_of(
        &self,
        provider: &ProviderId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Course>, Option<String>), TableError> {
        let partition = format!("PROVIDER#{provider}");
        self.fetch_page(Part::of(&partition).beginning("COURSE#"), after, limit, course).await
    }

    /// Saves a course made of what was read before, `None` for a new one.
    pub async fn save_course_if(
        &self,
        course: &Course,
        before: Option<&Versioned<Course>>,
        change: &Change,
    ) -> Result<Saved, TableError> {
        if course.providers.len() > MOST_PROVIDERS {
            return Err(TableError::BadItem("providers"));
        }
        let changed = changed(before, course, Course::fields);
        if before.is_some() && changed.is_empty() {
            return Ok(Saved::Unchanged);
        }
        let left = before.map(|before| providers_left(&before.value, course)).unwrap_or_default();
        let beside = course.providers.iter().map(|provider| Beside::Put(association(course, provider)));
        let beside = beside.chain(left.into_iter().map(|id| Beside::Delete(association_key(id, &course.number))));
        let beside = beside.collect();
        let writing = Writing {
            name: audit_name(&course.number),
            item: course_item(course),
            before: before.map(|before| before.version),
            changed,
            change,
        };
        self.write_entry(writing, beside).await
    }

    /// Who changed a course when and why, newest first.
    pub async fn fetch_changes_of_course(
        &self,
        number: &CourseNumber,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RegisterChange>, Option<String>), TableError> {
        self.fetch_changes(&audit_name(number), after, limit).await
    }

    /// Replaces the register's entries of these courses, whatever stands there, without a trail: for what is loaded whole.
    pub async fn save_courses(&self, courses: &[Course]) -> Result<(), TableError> {
        let before =
            self.fetch_versions_of_courses(&courses.iter().map(|course| course.number.clone()).collect()).await?;
        let mut items = Vec::new();
        for course in courses {
            let before = before.get(&course.number);
            let mut own = course_item(course);
            stamp(&mut own, before.map_or(1, |before| before.version + 1), None);
            items.push(InBatch::Put(own));
            items.extend(course.providers.iter().map(|provider| InBatch::Put(association(course, provider))));
            let left = before.map(|before| providers_left(&before.value, course)).unwrap_or_default();
            items.extend(left.into_iter().map(|id| InBatch::Delete(association_key(id, &course.number))));
        }
        self.save_batches(items).await
    }
}

fn providers_left<'a>(before: &'a Course, now: &'a Course) -> Vec<&'a ProviderId> {
    before.providers.difference(&now.providers).collect()
}

fn audit_name(number: &CourseNumber) -> String {
    format!("COURSE#{number}")
}

pub(super) fn key(number: &CourseNumber) -> Item {
    item([("pk", s(format!("COURSE#{number}"))), ("sk", s("COURSE"))])
}

fn association_key(provider: &ProviderId, number: &CourseNumber) -> Item {
    item([("pk", s(format!("PROVIDER#{provider}"))), ("sk", s(format!("COURSE#{number}")))])
}

fn association(course: &Course, provider: &ProviderId) -> Item {
    let mut item = association_key(provider, &course.number);
    item.extend(attributes(course));
    item
}

fn course_item(course: &Course) -> Item {
    let mut item = key(&course.number);
    item.insert("gsi1pk".to_owned(), s(COURSES));
    item.insert("gsi1sk".to_owned(), s(course.number.as_str()));
    item.extend(attributes(course));
    item
}

fn attributes(course: &Course) -> Item {
    let providers = course.providers.iter().map(|id| s(id.as_str())).collect();
    let mut item = item([
        ("title", s(&course.title)),
        ("hours", n(course.hours.hundredths())),
        ("category", s(&course.category)),
        ("approved_from", s(course.approved_from.to_string())),
        ("providers", AttributeValue::L(providers)),
    ]);
    if let Some(day) = course.approved_to {
        item.insert("approved_to".to_owned(), s(day.to_string()));
    }
    item
}

fn versioned_course(item: &Item) -> Result<Versioned<Course>, TableError> {
    versioned(item, course(item)?)
}

/// A course from its own item or from a provider's copy.
pub(super) fn course(item: &Item) -> Result<Course, TableError> {
    let number = text(item, "pk")?.strip_prefix("COURSE#").or_else(|| text(item, "sk").ok()?.strip_prefix("COURSE#"));
    let providers = texts(item, "providers")?;
    let providers = providers.iter().map(|id| ProviderId::parse(id).map_err(|_| TableError::BadItem("providers")));
    Ok(Course {
        number: CourseNumber::parse(number.unwrap_or_default()).map_err(|_| TableError::BadItem("pk"))?,
        title: text(item, "title")?.to_owned(),
        hours: CreditHours::from_hundredths(self::number(item, "hours")?).ok_or(TableError::BadItem("hours"))?,
        category: text(item, "category")?.to_owned(),
        approved_from: date(item, "approved_from")?,
        approved_to: optional_date(item, "approved_to")?,
        providers: providers.collect::<Result<_, _>>()?,
    })
}
