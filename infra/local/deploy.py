"""Deploys infra/template.yaml to a local endpoint: zips the functions into a bucket, points CodeUri at them, makes the stack.

One JSON object a line on stdout: {"step"}, then {"outputs"} and exit 0, or {"error"} and exit 1.
It decides nothing about what is deployed: the template does, and the parameters that it is given.
"""

import argparse
import hashlib
import io
import json
import pathlib
import sys
import time
import zipfile

import boto3
import botocore.config
import botocore.exceptions

import template as templates

# A stack of this size takes the local cloud about two seconds; LocalStack in Docker about a minute.
LONGEST_DEPLOY_SECONDS = 300


def say(**line):
    print(json.dumps(line), flush=True)


def functions_of(template):
    return {
        resource["Metadata"]["BuildProperties"]["Binary"]: resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def zipped(binary):
    """The binary as Lambda wants it: `bootstrap`, executable. Stored, since it travels no farther than this machine."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, binary)
    return buffer.getvalue()


def put_code(s3, bucket, template, folder, more_variables):
    """Each function's CodeUri becomes its zip in the bucket, under a name by its content. On AWS no function needs more variables."""
    for name, properties in functions_of(template).items():
        binary = (folder / name).read_bytes()
        key = f"{name}-{hashlib.sha256(binary).hexdigest()[:16]}.zip"
        s3.put_object(Bucket=bucket, Key=key, Body=zipped(binary))
        properties["CodeUri"] = {"Bucket": bucket, "Key": key}
        properties.setdefault("Environment", {}).setdefault("Variables", {}).update(more_variables)


def status_of(cloudformation, stack):
    try:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except botocore.exceptions.ClientError as problem:
        if "does not exist" in str(problem):
            return None
        raise


def wait(cloudformation, stack):
    deadline = time.monotonic() + LONGEST_DEPLOY_SECONDS
    while time.monotonic() < deadline:
        found = status_of(cloudformation, stack)
        if found is None or not found["StackStatus"].endswith("_IN_PROGRESS"):
            return found
        time.sleep(0.2)
    return status_of(cloudformation, stack)


def why_it_failed(cloudformation, stack):
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    reasons = [
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in events
        if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
    ]
    return "; ".join(reversed(reasons)) or "it gave no reason"


def put_template(s3, endpoint, bucket, template):
    """Its address: a request takes no template of more than 51,200 bytes, and as JSON ours is larger."""
    s3.put_object(Bucket=bucket, Key="template.json", Body=json.dumps(template).encode())
    return f"{endpoint}/{bucket}/template.json"


def deploy(cloudformation, stack, address, parameters):
    request = {
        "StackName": stack,
        "TemplateURL": address,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    found = status_of(cloudformation, stack)
    # A stack whose first deployment failed can't be updated, only made again.
    if found and found["StackStatus"] in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
        say(step="removing the stack of a deployment that failed")
        cloudformation.delete_stack(StackName=stack)
        wait(cloudformation, stack)
        found = None
    if found is None or found["StackStatus"] == "DELETE_COMPLETE":
        say(step=f"making the stack {stack}")
        cloudformation.create_stack(**request)
    else:
        say(step=f"updating the stack {stack}")
        try:
            cloudformation.update_stack(**request)
        except botocore.exceptions.ClientError as problem:
            if "No updates are to be performed" not in str(problem):
                raise
    return wait(cloudformation, stack)


def pairs(given):
    return dict(pair.split("=", 1) for pair in given)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--endpoint", required=True)
    options.add_argument("--template", type=pathlib.Path, required=True)
    options.add_argument("--functions", type=pathlib.Path, required=True, help="the folder of their binaries")
    options.add_argument("--stack", required=True)
    options.add_argument("--variable", action="append", default=[], metavar="NAME=VALUE", help="one more for each function")
    options.add_argument("--parameter", action="append", default=[], metavar="KEY=VALUE")
    options.add_argument("--without", action="append", default=[], metavar="TYPES", help="AWS::Scheduler:: and the like")
    given = options.parse_args()

    settings = botocore.config.Config(retries={"max_attempts": 2}, connect_timeout=5, s3={"addressing_style": "path"})
    client = lambda name: boto3.client(name, endpoint_url=given.endpoint, config=settings)  # noqa: E731
    s3, cloudformation = client("s3"), client("cloudformation")

    template = templates.read(given.template)
    if given.endpoint.startswith("http://"):
        # The bucket's policy refuses whoever comes without TLS, and that is everybody here.
        templates.leave_out(template, "AWS::S3::BucketPolicy")
    for types in given.without:
        templates.leave_out(template, types)
    bucket = f"{given.stack}-code"
    say(step="handing over the functions")
    try:
        s3.create_bucket(Bucket=bucket)
    except botocore.exceptions.ClientError as problem:
        if problem.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
    put_code(s3, bucket, template, given.functions, pairs(given.variable))

    address = put_template(s3, given.endpoint, bucket, template)
    stack = deploy(cloudformation, given.stack, address, pairs(given.parameter))
    if stack is None or stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        status = stack["StackStatus"] if stack else "gone"
        say(error=f"{status}: {why_it_failed(cloudformation, given.stack)}")
        return 1
    say(outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])})
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError) as problem:
        say(error=str(problem))
        sys.exit(1)
