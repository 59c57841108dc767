#!/bin/sh
# 群机器人：把问题交给简报问答，把回答和出处发到群里。需要 curl 和 jq。
#   BOT_KEY=密钥 ./bot.sh 哪些县做了新就业群体服务 [群机器人的 webhook 网址]
# 不给网址就只打印要发的内容。
set -eu

address=${BOT_ADDRESS:-http://127.0.0.1:8000}
question=$1
webhook=${2:-}

answer=$(jq -n --arg question "$question" \
    '{model: "jianbao", messages: [{role: "user", content: $question}]}' |
    curl -sS --fail-with-body "$address/v1/chat/completions" \
        -H "Content-Type: application/json" -H "Authorization: Bearer ${BOT_KEY:-none}" -d @-) || {
    printf '没有得到回答：%s\n' "$answer" >&2
    exit 1
}

# 企业微信的 markdown 消息最多 4096 字节：放不下的整行不发，并在末尾说明。
message=$(printf '%s' "$answer" | jq --arg address "$address" '
    (.choices[0].message.content | split("\n")) as $lines
    | (.search_results | map("[\(.marker)] [\(.short_reference)](\(.url))")) as $sources
    | reduce ($lines + [""] + $sources)[] as $line ({text: null, cut: false};
        (if .text == null then $line else .text + "\n" + $line end) as $longer
        | if ($longer | utf8bytelength) < 3900 then .text = $longer else .cut = true end)
    | (.text // "") + (if .cut then "\n（太长，未发完；请到 \($address) 提问看全文）" else "" end)
    | {msgtype: "markdown", markdown: {content: .}}
')

if [ -n "$webhook" ]; then
    printf '%s' "$message" | curl -sS --fail "$webhook" -H "Content-Type: application/json" -d @-
else
    printf '%s' "$message" | jq -r .markdown.content
fi
