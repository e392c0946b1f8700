# The provider keeps the targets of a split charge as a set, and sends them in the order of their hashes, written out as
# text, whatever the configuration says; percents in any other order would charge the wrong value.
# https://github.com/hashicorp/terraform-provider-aws/issues/42836
# So the targets are brought into that order here. The hash is the CRC-32 of the target and a semicolon; HCL knows no such
# function, but a CRC is a sum, without carry, of what each bit of the text adds: the table has all that a text of 50
# bytes can need.
locals {
  _crc32 = yamldecode(file("${path.module}/crc32.yaml"))

  _sextets = zipmap(
    split("", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), [for number in range(64) : format("%06b", number)]
  )
  _targets = distinct(flatten([
    for category in values(var.cost_categories) : [for split in category.split_charges : concat(split.targets, keys(split.percents))]
  ]))

  # The bits of each target; base64 is the only way to a text's bytes.
  _bits = {
    for target in local._targets : target =>
    join("", [for sign in split("", replace(base64encode("${target};"), "=", "")) : local._sextets[sign]])
  }
  # The preconditions of the documents refuse a target that is too long for the table.
  _bytes = { for target, bits in local._bits : target => min(floor(length(bits) / 8), length(local._crc32)) }
  _summands = {
    for target, bits in local._bits : target => concat(
      [format("%032b", local._crc32[local._bytes[target] - 1][8])],
      flatten([
        for byte in range(local._bytes[target]) : [
          for bit in range(8) : format("%032b", local._crc32[local._bytes[target] - 1 - byte][bit])
          if substr(bits, byte * 8 + 7 - bit, 1) == "1"
        ]
      ]),
    )
  }
  _hashes = {
    for target, summands in local._summands : target => parseint(join("", [
      for bit in range(32) : sum([for summand in summands : parseint(substr(summand, bit, 1), 2)]) % 2
    ]), 2)
  }

  # Split charges sorted by source; the keys of these maps are what sorts. A source that stands twice is refused.
  _split_charges = {
    for name, category in var.cost_categories : name => [
      for splits in values({ for split in category.split_charges : split.source => split... }) : {
        method = upper(splits[0].method)
        percents = [
          for target in values({ for target in keys(splits[0].percents) : "${local._hashes[target]} ${target}" => target }) :
          splits[0].percents[target]
        ]
        source = splits[0].source
        targets = values({
          for target in distinct(concat(splits[0].targets, keys(splits[0].percents))) : "${local._hashes[target]} ${target}" => target
        })
      }
    ]
  }
}
