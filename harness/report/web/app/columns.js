// Read columns of numbers that harness/report/columns.py wrote as strings of digits.
function digitsOf(text) {
  const digits = new Uint8Array(128);
  [...text].forEach((sign, number) => {
    digits[sign.charCodeAt(0)] = number;
  });
  digits.base = text.length;
  return digits;
}

function decodeColumn(text, width, digits, count) {
  const numbers = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) {
    let number = 0;
    for (let n = row * width; n < (row + 1) * width; n += 1) number = number * digits.base + digits[text.charCodeAt(n)];
    numbers[row] = number;
  }
  return numbers;
}
