"""Ask a page what every page has to keep: contrast, names for everything, no motion, a focus that can be followed."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.pages import OpenPage

LEAST_CONTRAST = 4.5
CONTRASTS = """
const lab = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const rgba = (colour) => {
  lab.clearRect(0, 0, 1, 1); lab.fillStyle = colour; lab.fillRect(0, 0, 1, 1);
  return [...lab.getImageData(0, 0, 1, 1).data];
};
const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
  .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
  .reduce((sum, one, n) => sum + one * [0.2126, 0.7152, 0.0722][n], 0);
const ground = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const colour = rgba(getComputedStyle(one).backgroundColor);
    if (colour[3] === 255) return colour;
  }
  return [255, 255, 255, 255];
};
const found = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.getClientRects().length || element.closest('.spoken, script, style, option')) continue;
  const style = getComputedStyle(element);
  const text = light(rgba(element instanceof SVGElement ? style.fill : style.color));
  const back = light(ground(element));
  const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
  if (ratio < arguments[0]) found.push(`${ratio.toFixed(2)} ${element.tagName} ${element.textContent.slice(0, 30)}`);
}
const root = getComputedStyle(document.documentElement);
const panel = light(ground(document.querySelector('.panel')));
for (const name of ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 'so', 'sx']) {
  const probe = document.body.appendChild(Object.assign(document.createElement('i'), { className: name }));
  const colour = light(rgba(getComputedStyle(probe).backgroundColor));
  probe.remove();
  const ratio = (Math.max(colour, panel) + 0.05) / (Math.min(colour, panel) + 0.05);
  if (ratio < 3) found.push(`${ratio.toFixed(2)} ${name}`);
}
return found;
"""
NAMELESS = """
return [...document.querySelectorAll('button, select, input, a')]
  .filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.[0]?.textContent.trim()))
  .map((one) => one.outerHTML);
"""
MOVING = """
return [...document.querySelectorAll('*')].map((one) => getComputedStyle(one))
  .filter((one) => parseFloat(one.transitionDuration) > 0 || one.animationName !== 'none').length;
"""


def focused(page: OpenPage) -> str:
    return str(page.script("return document.activeElement.dataset.focus ?? document.activeElement.id ?? ''"))


def tab_to(page: OpenPage, name: str, most: int = 150) -> None:
    for _ in range(most):
        page.press(Keys.TAB)
        if focused(page) == name:
            return
    pytest.fail(f"{name} is not reached with {most} tabs")
