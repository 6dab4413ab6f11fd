//! Credits, each under its natural key: (licence, course, date). One conditional write of the table and one of one index.
//!
//! ```text
//! pk      LICENCE#{board}#{profession}#{number}      a licensee's Courses are one query
//! sk      CREDIT#{date}#{course}
//! gsi1pk  PROVIDER#{provider}#COURSE#{course}#{month} a provider's list by course and month; one key takes 1,000 writes/s
//! gsi1sk  {date}#{board}#{profession}#{number}
//! ```

use super::{Table, TableError, item::*};
use aws_sdk_dynamodb::{operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure};
use domain::{
    course::{CourseNumber, ProviderId},
    hours::CreditHours,
    import::ImportId,
    licence::Licence,
    name::PersonName,
    roster::{
        judge::Credit,
        record::{Asker, Recorded},
    },
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What came of writing a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditWritten {
    /// It is recorded now.
    Now,
    /// Something stands under its key already.
    Before(Recorded),
}

/// A credit as a licensee's page shows it. `Debug` shows no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCredit {
    /// The course.
    pub course: CourseNumber,
    /// Its title when the credit was recorded.
    pub title: String,
    /// Its category when the credit was recorded.
    pub category: String,
    /// The day it was completed.
    pub date: Date,
    /// The hours.
    pub hours: CreditHours,
    /// The label of the reporting year.
    pub ce_year: i16,
    /// The name as the roster had it.
    pub name: PersonName,
    /// Who recorded it, from which row of which import.
    pub recorded: Recorded,
}

impl Table {
    /// Records a credit unless something stands under its key. An accepted row costs one write of the table and one of the index.
    pub async fn record_credit(
        &self,
        credit: &Credit,
        asker: &Asker<'_>,
        now: i64,
    ) -> Result<CreditWritten, TableError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(credit_item(credit, asker, now)))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(CreditWritten::Now),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    let item = failed.item().ok_or(TableError::BadItem("condition's item"))?;
                    Ok(CreditWritten::Before(recorded(item)?))
                }
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// What stands under the keys of these credits; for a check, which records nothing. By the place in `credits`.
    pub async fn fetch_recorded(&self, credits: &[&Credit]) -> Result<BTreeMap<usize, Recorded>, TableError> {
        let mut places: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (place, credit) in credits.iter().enumerate() {
            places.entry(key(credit)).or_default().push(place);
        }
        let keys: Vec<Item> = places.keys().map(|(pk, sk)| item([("pk", s(pk)), ("sk", s(sk))])).collect();
        let mut found = BTreeMap::new();
        for batch in keys.chunks(100) {
            for item in self.fetch_batch(batch.to_vec()).await? {
                let key = (text(&item, "pk")?.to_owned(), text(&item, "sk")?.to_owned());
                for place in places.get(&key).into_iter().flatten() {
                    found.insert(*place, recorded(&item)?);
                }
            }
        }
        Ok(found)
    }

    /// A licensee's credits, newest first, a page of `limit` after the cursor.
    pub async fn fetch_credits_of(
        &self,
        licence: &Licence,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RecordedCredit>, Option<String>), TableError> {
        let partition = licence_key(licence);
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :credit)")
            .expression_attribute_values(":pk", s(&partition))
            .expression_attribute_values(":credit", s("CREDIT#"))
            .scan_index_forward(false)
            .limit(limit)
            .set_exclusive_start_key(after.and_then(|cursor| key_after(cursor, ("pk", &partition))))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let credits = answer.items().iter().map(recorded_credit).collect::<Result<_, _>>()?;
        Ok((credits, cursor(answer.last_evaluated_key())))
    }
}

fn licence_key(licence: &Licence) -> String {
    format!("LICENCE#{}#{}#{}", licence.board, licence.profession, licence.number.compared())
}

fn key(credit: &Credit) -> (String, String) {
    (licence_key(&credit.licence), format!("CREDIT#{}#{}", credit.date, credit.course))
}

fn credit_item(credit: &Credit, asker: &Asker<'_>, now: i64) -> Item {
    let (pk, sk) = key(credit);
    let month = credit.date.strftime("%Y-%m").to_string();
    let Licence { board, profession, number } = &credit.licence;
    item([
        ("pk", s(pk)),
        ("sk", s(sk)),
        ("gsi1pk", s(format!("PROVIDER#{}#COURSE#{}#{month}", asker.provider, credit.course))),
        ("gsi1sk", s(format!("{}#{board}#{profession}#{}", credit.date, number.compared()))),
        ("number", s(number.shown())),
        ("course", s(credit.course.as_str())),
        ("title", s(&credit.title)),
        ("category", s(&credit.category)),
        ("date", s(credit.date.to_string())),
        ("hours", n(credit.hours.hundredths())),
        ("ce_year", n(credit.ce_year)),
        ("first", s(&credit.name.first)),
        ("last", s(&credit.name.last)),
        ("provider", s(asker.provider.as_str())),
        ("import", s(asker.import.as_str())),
        ("row", n(asker.row)),
        ("recorded_at", n(now)),
    ])
}

fn recorded(item: &Item) -> Result<Recorded, TableError> {
    Ok(Recorded {
        provider: ProviderId::parse(text(item, "provider")?).map_err(|_| TableError::BadItem("provider"))?,
        hours: CreditHours::from_hundredths(number(item, "hours")?).ok_or(TableError::BadItem("hours"))?,
        import: ImportId::parse(text(item, "import")?).map_err(|_| TableError::BadItem("import"))?,
        row: number(item, "row")?,
    })
}

fn recorded_credit(item: &Item) -> Result<RecordedCredit, TableError> {
    let recorded = recorded(item)?;
    Ok(RecordedCredit {
        course: CourseNumber::parse(text(item, "course")?).map_err(|_| TableError::BadItem("course"))?,
        title: text(item, "title")?.to_owned(),
        category: text(item, "category")?.to_owned(),
        date: date(item, "date")?,
        hours: recorded.hours,
        ce_year: number(item, "ce_year")?,
        name: PersonName { first: text(item, "first")?.to_owned(), last: text(item, "last")?.to_owned() },
        recorded,
    })
}
