//! The form of challenges and data fields (docs/digipass.md, section 1 step 14 and section 4).

use super::Field;
use crate::token::action::Flaw;

/// What free data fields take besides letters and digits (vendor docs, page E-signature generation).
const PUNCTUATION: &str = "%&'()*+,-./:;<=>?_ ";

impl Field {
    /// The code of a challenge or field of another form.
    ///
    /// # Errors
    /// That code.
    pub fn check(&self, text: &str) -> Result<(), i32> {
        if text.len() < self.least {
            return Err(-101);
        }
        if text.len() > self.most {
            return Err(-102);
        }
        if !text.chars().all(|letter| self.takes(letter)) {
            return Err(-108);
        }
        if self.check && luhn(text, self.base(text)).is_none_or(|(rest, _)| rest != 0) {
            return Err(-103);
        }
        Ok(())
    }

    /// Free fields are decimal where all their characters are.
    fn base(&self, text: &str) -> u32 {
        let decimal = self.decimal || self.free && text.bytes().all(|letter| letter.is_ascii_digit());
        if decimal { 10 } else { 16 }
    }

    fn takes(&self, letter: char) -> bool {
        match (self.free, self.decimal) {
            (true, _) => letter.is_ascii_alphanumeric() || PUNCTUATION.contains(letter),
            (false, true) => letter.is_ascii_digit(),
            (false, false) => letter.is_ascii_hexdigit(),
        }
    }

    /// A text with an error in its form, or with another last character.
    #[must_use]
    pub fn flawed(&self, text: &str, flaw: Flaw) -> String {
        let mut text = text.to_owned();
        match flaw {
            Flaw::None => {}
            Flaw::Short => text.truncate(self.least - 1),
            Flaw::Long => text += &"1".repeat(self.most + 1 - text.len().min(self.most)),
            // In free fields it is still allowed.
            Flaw::Letter => text.replace_range(..1, if self.decimal { "A" } else { "G" }),
            Flaw::Sign => text.replace_range(..1, "#"),
            Flaw::Last => {
                let last = text.pop().and_then(|letter| letter.to_digit(16)).unwrap_or_default();
                text.push(char::from_digit((last + 1) % 10, 10).unwrap_or('0'));
            }
        }
        text
    }

    /// A text with its check digit in place of the last character, if there is one.
    #[must_use]
    pub fn checked(&self, mut text: String) -> String {
        if !self.check {
            return text;
        }
        text.pop();
        text.push('0');
        if let Some((rest, base)) = luhn(&text, self.base(&text)) {
            text.pop();
            text.push(char::from_digit((base - rest) % base, base).unwrap_or('0').to_ascii_uppercase());
        }
        text
    }
}

/// Luhn's sum (ISO/IEC 7812), 0 where the last digit checks the others, and the base.
fn luhn(text: &str, base: u32) -> Option<(u32, u32)> {
    let digits: Option<Vec<u32>> = text.chars().map(|letter| letter.to_digit(base)).collect();
    let digits = digits?;
    let sum = digits.iter().rev().enumerate().map(|(place, digit)| {
        let doubled = if place % 2 == 1 { digit * 2 } else { *digit };
        doubled / base + doubled % base
    });
    Some((sum.sum::<u32>() % base, base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_judged_by_its_form() {
        let field = Field { least: 3, most: 11, decimal: true, free: false, check: true };
        assert_eq!(field.check("79927398713"), Ok(()));
        assert_eq!(field.checked("79927398710".to_owned()), "79927398713");
        for (text, code) in
            [("79", -101), ("799273987133", -102), ("7992739871A", -108), ("79927398714", -103)]
        {
            assert_eq!(field.check(text), Err(code), "{text}");
        }
        let hex = Field { decimal: false, check: false, ..field };
        assert_eq!((hex.check("7992739871A"), hex.check("G00")), (Ok(()), Err(-108)));
        let free = Field { free: true, ..hex };
        assert_eq!((free.check("G0/"), free.check("G0#")), (Ok(()), Err(-108)));
        let checked = Field { check: true, ..hex };
        assert_eq!(checked.check(&checked.checked("1F3A0".to_owned())), Ok(()));
    }
}
