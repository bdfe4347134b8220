"""Opt-out, help and start words of eastern Asia, as data."""

from __future__ import annotations

from typing import Final

from switchroom.consent.languages import Language

CHINESE: Final = Language(
    "zh",
    stop="td, 退订, 退訂, 停止, 取消, 取消订阅, 取消訂閱, 停, 拒收, 结束, 結束, 不要, 别发了, 別發了, 退订短信,"
    " 停止发送, 停止發送, tuiding, tui ding, tdtd, 退",
    help="帮助, 幫助, 求助, 说明, 說明",
    start="开始, 開始, 订阅, 訂閱, 恢复",
    yes="是",
    review="不, 不用了, 不需要, 打错了, 打錯了, 不感兴趣, 没兴趣, 再见",
    polite="请 請 谢谢 謝謝",
    idioms="退订, 退訂, 取消订阅, 取消訂閱, 不要再发, 别再发, 不要再给, 别再给, 不要再給, 別再給, 请勿, 請勿,"
    " 不要再發, 別再發, 不要再傳, 別再傳, 不要给我发, 不要給我發,"
    " 不要發給我, 别给我发, 別給我發, 不要发短信, 不要發短信, 不想收到, 不想再收到, 停止发送, 停止發送,"
    " 停止发短信, 拒收短信, 不再接收, 不要再联系我, 不要再聯絡我, 别再联系我,"
    " 別再聯絡我,"
    " 删除我的号码, 刪除我的號碼, 删掉我的号码, 不要骚扰, 别骚扰我, 不要打扰我, 别打扰我, 别烦我, 請勿再傳,"
    " 请勿再发, 不要再打, 停止短信, 请停止发, 取消短信, 不要再寄, 不要传简讯, 不要傳簡訊",
    doubts="号码错了, 號碼錯了, 打错了, 打錯了, 不感兴趣, 举报, 舉報, 烦死了, 煩死了, 滚",
    classes={
        "ask": "怎么 怎麼 如何 为什么 為什麼 吗 嗎 什么时候",
        "biz": "订单 訂單 预约 預約 预订 航班 快递 付款 酒店 会议",
        "neg": "不要 别 不想 不会 没有 不用",
    },
    spaced=False,
)

JAPANESE: Final = Language(
    "ja",
    stop="停止, 解除, 配信停止, 中止, ストップ, やめて, やめてください, 登録解除, 終了, 退会, 解約, 配信解除,"
    " 停止してください, 配信停止希望, 拒否, 止めて, 止めてください, 不要,"
    " 不要です, いらない, いりません, キャンセル",
    help="ヘルプ, 助けて, 助け",
    start="開始, スタート, 再開, 登録",
    yes="はい",
    review="いいえ, 結構です, けっこうです, 番号違い, 間違いです, 人違いです, 興味ありません, 興味がありません,"
    " さようなら",
    polite="お願いします ください すぐに",
    idioms="配信停止, 配信を停止, 配信を止め, 配信を解除, 送らないで, 送信しないで, 送ってこないで,"
    " メールを止め, メッセージを止め, もう送ら, 連絡しないで, 連絡してこないで, 登録解除,"
    " 登録を解除, 受信拒否, メッセージは不要, メールは不要, 配信不要, メッセージを停止, 通知を停止,"
    " 電話しないで, 番号を削除, 番号を消して, リストから削除, リストから外して,"
    " 受け取りたくない, 受け取りたくありません",
    doubts="番号が違い, 番号違い, 人違い, 迷惑です, しつこい, 通報",
    classes={
        "ask": "どうやって どうすれば 方法 いつ なぜ ますか ですか",
        "biz": "注文 予約 配達 支払い 会議",
        "neg": "ないで",
    },
    spaced=False,
)

KOREAN: Final = Language(
    "ko",
    stop="중지, 정지, 수신거부, 수신 거부, 그만, 거부, 취소, 해지, 스톱, 탈퇴, 종료, 그만하세요, 그만해, 그만"
    " 보내세요, 구독취소, 구독 취소, 차단, 중단, 스탑, 그만해주세요",
    help="도움, 도움말, 도와주세요, 도움 요청",
    start="시작, 재개, 구독, 동의",
    yes="네, 예",
    review="아니요, 아니오, 아뇨, 잘못된 번호, 번호 잘못, 관심 없습니다, 관심없어요, 괜찮아요",
    polite="제발 감사합니다 부탁드립니다 지금 해주세요 하세요 부탁해요 좀",
    idioms="수신거부, 수신 거부, 그만 보내, 그만보내, 보내지 마, 보내지마, 보내지 말아, 연락하지 마, 연락하지마,"
    " 연락 하지 마, 연락 그만, 문자 그만, 문자 중지, 메시지 중지, 문자"
    " 하지 마, 문자하지 마, 문자하지마, 구독 취소, 구독취소, 구독 해지, 받고 싶지 않, 받기 싫, 번호 삭제, 제"
    " 번호를 삭제, 제 번호 삭제, 원하지 않습니다, 전화하지 마, 문자"
    " 받지 않",
    doubts="잘못된 번호, 번호 잘못, 전화번호 잘못, 관심 없, 신고, 스팸",
    classes={"ask": "어떻게 언제 왜 나요 까요", "biz": "주문 예약 배송 결제 회의", "neg": "하지 않았"},
    spaced=False,
)

THAI: Final = Language(
    "th",
    stop="หยุด, ยกเลิก, เลิก, ยกเลิกการรับ, หยุดส่ง, เลิกรับ, สต็อป, พอ, ยกเลิกสมาชิก",
    help="ช่วยเหลือ, ช่วยด้วย, วิธีใช้",
    start="เริ่ม, สมัคร, เริ่มต้น",
    yes="ใช่",
    review="ไม่, ไม่สนใจ, โทรผิด, เบอร์ผิด, ผิดเบอร์, ไม่เอา",
    polite="ครับ ค่ะ คะ กรุณา ขอบคุณ",
    idioms="หยุดส่ง, อย่าส่ง, ไม่ต้องส่ง, เลิกส่ง, ยกเลิกการรับข้อความ, ไม่ต้องการรับ, ไม่อยากรับ, ยกเลิกข้อความ,"
    " ลบเบอร์, ยกเลิกรับข่าวสาร, หยุดโทร, อย่าโทร, ยกเลิกการสมัคร",
    doubts="เบอร์ผิด, ผิดเบอร์, ไม่สนใจ",
    classes={"ask": "อย่างไร ยังไง เมื่อไหร่ ทำไม ไหม", "biz": "สั่งซื้อ นัดหมาย จอง", "neg": "อย่าหยุด"},
    spaced=False,
)

VIETNAMESE: Final = Language(
    "vi",
    stop="dung, dung lai, huy dang ky, huy bo, tu choi, ngung, ngung lai, ket thuc, thoi, dừng, đừng, hủy, từ"
    " chối, hủy đăng ký, huy dk, tat",
    local="huy, tc",
    help="tro giup, giup do, giup, giup toi, trợ giúp, huong dan, tg",
    start="bat dau, dang ky, bắt đầu, đăng ký",
    yes="",
    review="khong, khong cam on, nham so, sai so, khong quan tam, không",
    polite="vui long lam on xin cam on ngay bay gio toi ạ a",
    classes={
        "neg": "dung khong đung đừng",
        "more": "nua them",
        "want": "muon can",
        "recv": "nhan",
        "send": "gui goi spam nhan",
        "msg": "tin sms quang",
        "stop": "ngung ngưng",
        "remove": "xoa",
        "mine": "so danh",
        "biz": "don lich dat thanh giao ve chuyen hang hoa",
        "ask": "",
    },
    idioms="dung nhan tin, dung gui tin nhan, khong nhan tin nua, dung gui, đừng nhan tin, đừng gui, đung nhan"
    " tin, đung gui, khong muon nhan tin, khong muon nhan tin nhan, ngung gui tin nhan, ngung gui, ngung nhan"
    " tin, huy dang ky, huy đang ky, xoa so, đung lam phien, dung lam phien, khong gui tin nhan nua, tu choi"
    " nhan",
    doubts="nham so, sai so, khong quan tam",
)

INDONESIAN: Final = Language(
    "id",
    stop="berhenti, henti, stop, batal, batalkan, keluar, unreg, hentikan, cukup, selesai, berhenti berlangganan,"
    " hapus, stop sms, berenti, unreg all, tamat, hapuskan",
    local="off",
    help="bantuan, tolong, bantu",
    start="mulai, daftar, langganan, reg, mula",
    yes="ya",
    review="tidak, tidak terima kasih, salah nomor, nomor salah, tidak tertarik, salah nombor, tak minat",
    polite="tolong mohon terima kasih sekarang segera makasih ya pak bu sila saya harap",
    classes={
        "neg": "jangan tidak tak nggak gak jgn ga usah",
        "more": "lagi",
        "want": "mau ingin perlu mahu nak",
        "recv": "menerima terima dapat",
        "send": "kirim kirimi mengirim mengirimi hubungi menghubungi telepon telpon ganggu mengganggu sms wa"
        " hantar menghantar kontak chat whatsapp",
        "msg": "pesan sms notifikasi iklan promosi mesej spam promo wa",
        "stop": "berhenti hentikan stop setop henti menghentikan",
        "unsub": "unreg",
        "remove": "hapus hapuskan keluarkan hilangkan padam buang",
        "me": "saya aku",
        "mine": "nomor nombor daftar senarai kontak data",
        "reply": "balas kirim ketik",
        "biz": "pesanan janji pembayaran pengiriman tagihan akun kartu tiket booking tempahan",
        "ask": "bagaimana kapan dimana kenapa siapa mengapa gimana",
    },
    idioms="berhenti berlangganan, jangan kirim, jangan kirimi, jangan kirim lagi, jangan hubungi saya, jangan"
    " hubungi, jangan ganggu, jangan sms, tidak mau menerima, tidak ingin menerima, tidak mau terima, hapus"
    " nomor saya, jangan hantar, jangan wa",
    doubts="salah nomor, nomor salah, tidak tertarik",
)

TAGALOG: Final = Language(
    "tl",
    stop="itigil, tigil, huminto, hinto, tumigil, kanselahin, tama na, ihinto, itigil na, tigilan, tigilan nyo,"
    " tigilan mo, alisin, ayoko na, ayaw ko na, umalis",
    help="tulong, tulungan, tulungan mo ako",
    start="simulan, magsimula",
    yes="oo",
    review="hindi, hindi salamat, maling numero, ayoko, ayaw ko, wrong number po",
    polite="po pakiusap salamat paki na ngayon please opo ho nga",
    classes={
        "neg": "huwag wag hindi ayaw ayoko",
        "more": "na",
        "want": "gusto kong ko",
        "recv": "makatanggap tumanggap makatanggap",
        "send": "magpadala magtext mag-text magmessage tumawag tawagan padalhan itext i-text istorbohin kontakin"
        " text magsend guluhin itxt",
        "msg": "mensahe text texts sms message messages",
        "stop": "itigil tigilan ihinto tigil",
        "remove": "alisin tanggalin burahin paki-alis pakialis pakitanggal",
        "me": "ako akong",
        "mine": "numero number listahan list",
        "biz": "order appointment bayad delivery booking",
        "ask": "paano kailan saan bakit sino",
    },
    idioms="huwag mo na akong, huwag niyo na akong, huwag na kayong, wag na kayong, wag nyo na akong, wag mo na"
    " akong, huwag na po kayong mag text, huwag nang mag text, wag na mag text, ayaw ko na makatanggap, ayoko"
    " na makatanggap, tama na po, tigilan nyo na",
    doubts="maling numero, wrong number po",
)

ASIAN: Final = (CHINESE, JAPANESE, KOREAN, THAI, VIETNAMESE, INDONESIAN, TAGALOG)
