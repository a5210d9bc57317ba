# SPDX-License-Identifier: Apache-2.0
"""What no single query does: logging in by every way, passwords, addresses, another number, the ends of logins and accounts.
Marked like everything else; each step stands alone, so that one that fails doesn't hide the others."""
import asyncio
import re
import sqlite3
import traceback

from markers_groups import peer_of
from markers_secret import secret_chat
from roles import schema
from telethon import errors, functions, password, types

ACCOUNT, AUTH, HELP = functions.account, functions.auth, functions.help
STEP_S = 50  # the slowest takes two, and one may have to be asked again
API = (12345, '0123456789abcdef0123456789abcdef')


async def login_steps(world, planted):
    """What failed. Every step is looked at while its traces are there."""
    failed = []
    for step in (secret_chat, codes, qr_code, moved, terms, two_steps, heir, recovery, stopped_deletion, login_email, lost_email, other_number,
                 settings, ends):
        try:
            await asyncio.wait_for(step(world, planted), STEP_S)
            world.look()
        except Exception as error:  # noqa: BLE001: whatever it is, the others are tried
            at = traceback.extract_tb(error.__traceback__)
            line = next((f.line for f in reversed(at) if f.filename == __file__), '')
            failed.append(f'{step.__name__}: {type(error).__name__}: {error} ({line})')
    return failed


async def codes(world, planted):
    phone = '+' + planted.phone('auth.sendCode/phone_number')
    device = await world.device()
    sent = await device(AUTH.SendCodeRequest(phone, 12345, planted.word('auth.sendCode/api_hash'), types.CodeSettings()))
    await world.server.code(phone)
    await device(AUTH.ReportMissingCodeRequest(phone, sent.phone_code_hash, planted.word('auth.reportMissingCode/mnc')))
    again = await device(AUTH.ResendCodeRequest(phone, sent.phone_code_hash))
    await world.server.code(phone)
    await device(AUTH.CancelCodeRequest(phone, again.phone_code_hash))


async def qr_code(world, planted):
    device = await world.device()
    shown = await device(AUTH.ExportLoginTokenRequest(12345, planted.word('auth.exportLoginToken/api_hash'), []))
    await world.reader(AUTH.AcceptLoginTokenRequest(shown.token))
    got = await device(AUTH.ImportLoginTokenRequest(shown.token))
    if not isinstance(got, types.auth.LoginTokenSuccess):
        raise AssertionError('not logged in')


async def moved(world, planted):
    carried = await world.reader(AUTH.ExportAuthorizationRequest(1))
    device = await world.device()
    await device(AUTH.ImportAuthorizationRequest(carried.id, carried.bytes))


async def terms(world, planted):
    device = await world.device()
    phone = '+' + planted.phone('auth.signUp/phone_number')
    sent = await device(AUTH.SendCodeRequest(phone, *API, types.CodeSettings()))
    asked = await device(AUTH.SignInRequest(phone, sent.phone_code_hash, await world.server.code(phone)))
    await world.reader(HELP.AcceptTermsOfServiceRequest(asked.terms_of_service.id))


def mail(planted, where):
    return f'{planted.word(where)}@markers.example'


async def proof(device, secret):
    return password.compute_check(await device(ACCOUNT.GetPasswordRequest()), secret)


async def set_password(world, planted, secret):
    """With an address, as far as its code."""
    now = await world.reader(ACCOUNT.GetPasswordRequest())
    kdf = now.new_algo
    kdf.salt1 += planted.word('passwordKdfAlgo/salt1').encode() + bytes(20)
    address = mail(planted, 'passwordInputSettings/email')
    digest, hint = password.compute_digest(kdf, secret), planted.word('passwordInputSettings/hint')
    wanted = types.account.PasswordInputSettings(new_algo=kdf, new_password_hash=digest, email=address, hint=hint)
    try:
        await world.reader(ACCOUNT.UpdatePasswordSettingsRequest(types.InputCheckPasswordEmpty(), wanted))
    except errors.EmailUnconfirmedError:
        world.told.take('account.updatePasswordSettings', True)
    return address


async def two_steps(world, planted):
    reader = world.reader
    world.secret = planted.word('the password itself')
    await set_password(world, planted, world.secret)
    world.look()
    await reader(ACCOUNT.CancelPasswordEmailRequest())
    address = await set_password(world, planted, world.secret)
    await world.server.code(address)
    await reader(ACCOUNT.ResendPasswordEmailRequest())
    await reader(ACCOUNT.ConfirmPasswordEmailRequest(await world.server.code(address)))
    world.address = address
    await reader(ACCOUNT.GetPasswordSettingsRequest(await proof(reader, world.secret)))
    await reader(ACCOUNT.ResetPasswordRequest())
    await reader(ACCOUNT.DeclinePasswordResetRequest())
    device = await knock(world)
    await device(AUTH.CheckPasswordRequest(await proof(device, world.secret)))


async def heir(world, planted):
    """Who gives a group away proves himself with a password that isn't new; by the name that the method had and by the one it has."""
    older(world)
    one, other = world.groups.heirlooms

    async def given(device):
        return schema.encode('channels.editCreator', {
            'channel': bytes(types.InputChannel(other.id, other.access_hash)), 'user_id': bytes(world.groups.bob),
            'password': bytes(await proof(device, world.secret))})
    # First: while it connects nothing may be pushed, as that would be in the form of its last layer, which Telethon can't read.
    got = await world.ask('channels.editCreator', given)
    world.told.take('channels.editCreator', got[0] == 'ok', got[1])
    await world.reader(functions.messages.EditChatCreatorRequest(peer_of(one), world.groups.bob, await proof(world.reader, world.secret)))


async def knock(world):
    """A device that needs the password."""
    device = await world.device()
    sent = await device(AUTH.SendCodeRequest(world.phones[0], *API, types.CodeSettings()))
    try:
        await device(AUTH.SignInRequest(world.phones[0], sent.phone_code_hash, await world.server.code(world.phones[0])))
    except errors.SessionPasswordNeededError:
        return device
    raise AssertionError('no password was asked for')


async def stopped_deletion(world, planted):
    """Somebody has the code but not the password, and wants the account deleted; the owner stops it."""
    address = await set_password(world, planted, planted.word('another password'))
    await world.reader(ACCOUNT.ConfirmPasswordEmailRequest(await world.server.code(address)))
    device = await knock(world)
    try:
        await device(ACCOUNT.DeleteAccountRequest(planted.word('account.deleteAccount/reason')))
    except errors.TwoFaConfirmWaitError:
        pass
    shown = await world.reader(functions.messages.GetDialogsRequest(None, 0, types.InputPeerEmpty(), 100, 0))
    service = next(user for user in shown.users if user.id == 777000)
    peer = types.InputPeerUser(service.id, service.access_hash)
    history = await world.reader(functions.messages.GetHistoryRequest(peer, 0, None, 0, 20, 0, 0, 0))
    word = next(m[1] for message in history.messages for m in [re.search(r'hash=([\w-]+)', message.to_json())] if m)
    sent = await world.reader(ACCOUNT.SendConfirmPhoneCodeRequest(word, types.CodeSettings()))
    await world.reader(ACCOUNT.ConfirmPhoneRequest(sent.phone_code_hash, await world.server.code(world.phones[0])))


async def recovery(world, planted):
    device = await knock(world)
    await device(AUTH.RequestPasswordRecoveryRequest())
    code = await world.server.code(world.address)
    await device(AUTH.CheckRecoveryPasswordRequest(code))
    await device(AUTH.RecoverPasswordRequest(code))


async def login_email(world, planted):
    address = mail(planted, 'account.sendVerifyEmailCode/email')
    purpose = types.EmailVerifyPurposeLoginChange()
    await world.reader(ACCOUNT.SendVerifyEmailCodeRequest(purpose, address))
    await world.reader(ACCOUNT.VerifyEmailRequest(purpose, types.EmailVerificationCode(await world.server.code(address))))


async def lost_email(world, planted):
    device = await world.device()
    sent = await device(AUTH.SendCodeRequest(world.phones[0], *API, types.CodeSettings()))
    again = await device(AUTH.ResendCodeRequest(world.phones[0], sent.phone_code_hash, planted.word('auth.resendCode/reason')))
    await device(AUTH.ResetLoginEmailRequest(world.phones[0], again.phone_code_hash))


async def other_number(world, planted):
    older(world)
    phone = '+' + planted.phone('account.changePhone/phone_number')
    sent = await world.reader(ACCOUNT.SendChangePhoneCodeRequest(phone, types.CodeSettings()))
    await world.reader(ACCOUNT.ChangePhoneRequest(phone, sent.phone_code_hash, await world.server.code(phone)))


def older(world):
    """What a login may do only when it is a day old, and a password when it is a week; their hours stand in clear."""
    with sqlite3.connect(world.home, timeout=10) as home:
        home.execute('UPDATE auth_keys SET login_at = login_at - 200000')
        home.execute('UPDATE passwords SET changed_at = changed_at - 700000')


async def settings(world, planted):
    """Of logins, one that is neither the tester's nor the reader's among them; the tester, who is there longest, vouches for it."""
    def others(logins):
        return {login.hash for login in logins.authorizations if login.hash and not login.password_pending}
    both = [others(await device(ACCOUNT.GetAuthorizationsRequest())) for device in (world.tester, world.reader)]
    world.other = min(both[0] & both[1])
    await world.tester(ACCOUNT.ChangeAuthorizationSettingsRequest(world.other, confirmed=True, encrypted_requests_disabled=True))
    await world.reader(ACCOUNT.SetAuthorizationTTLRequest(180))


async def ends(world, planted):
    await world.reader(ACCOUNT.ResetAuthorizationRequest(world.other))
    await world.reader(AUTH.ResetAuthorizationsRequest())
    await world.carol_device(AUTH.LogOutRequest())
    await world.bob_device(ACCOUNT.DeleteAccountRequest(planted.word('account.deleteAccount/reason')))
