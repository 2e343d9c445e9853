//! Text without the standard library's formatting, which would be a tenth of what ships.

/// A number in decimal digits.
pub fn decimal(mut number: u64) -> String {
    let mut digits = [b'0'; 20];
    let mut length = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.wrapping_add((number % 10) as u8);
        length = length.saturating_add(1);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    let start = digits.len().saturating_sub(length);
    digits.iter().skip(start).map(|&digit| char::from(digit)).collect()
}

/// The parts one behind the other.
pub fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_the_standard_library_writes_them() {
        for number in [0, 7, 10, 99, 100, 1_048_576, u64::MAX - 1, u64::MAX] {
            assert_eq!(decimal(number), number.to_string());
        }
    }

    #[test]
    fn parts_are_joined_in_order() {
        assert_eq!(joined(&["a", "", "b", "c"]), "abc");
        assert_eq!(joined(&[]), "");
    }
}
