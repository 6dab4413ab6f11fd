"""The template as data: its YAML with CloudFormation's tags in their long form, and as AWS's SAM turns it into plain resources.

`template.py FILE` prints {"written": …, "translated": …} for the tests that read it.
"""

import json
import pathlib
import sys

import yaml


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags, kept as the long form of each."""


def long_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", long_form)


def read(path):
    return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader)


def leave_out(template, types):
    """Removes the resources of these types, for an endpoint that doesn't know them; what names them then names nothing."""
    resources = template["Resources"]
    gone = {name for name, resource in resources.items() if resource["Type"].startswith(types)}
    for name in gone:
        del resources[name]
    if types == "AWS::Scheduler::":
        for resource in resources.values():
            events = resource["Properties"].get("Events", {}) if resource["Type"] == "AWS::Serverless::Function" else {}
            for name in [name for name, event in events.items() if event["Type"] == "ScheduleV2"]:
                del events[name]
    template.update(naming_nothing(template, gone))


def naming_nothing(value, gone):
    if isinstance(value, list):
        return [naming_nothing(item, gone) for item in value]
    if isinstance(value, str):
        for name in gone:
            value = value.replace(f"${{{name}}}", "absent")
        return value
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in gone or (value.get("Fn::GetAtt") or [None])[0] in gone:
        return "absent"
    return {key: naming_nothing(item, gone) for key, item in value.items()}


def translated(template):
    """As AWS deploys it."""
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    return Translator({}, Parser()).translate(template, {})


if __name__ == "__main__":
    print(json.dumps({"written": read(sys.argv[1]), "translated": translated(read(sys.argv[1]))}))
